/**
 * @file Finds what differs in few bits: sketches of pictures (a perceptual hash, or on which side of random planes a vector lies) and an index of them.
 *
 * Sources: Norouzi, Punjani and Fleet, "Fast Exact Search in Hamming Space with Multi-Index Hashing", 2014: where two sketches differ in at most r of
 * their bits, they differ in at most floor(r / bands) in one of the bands. Charikar, "Similarity Estimation Techniques from Rounding Algorithms", 2002: two vectors at an
 * angle a lie on different sides of a random plane with probability a / pi.
 */
import { seededRandom } from "../../platform/seeded-random";

/** Bits of many items, `wordsPerItem` words of 32 bits each, one after another. */
export interface Sketches {
  readonly words: Uint32Array;
  readonly wordsPerItem: number;
}

/** Perceptual hashes (16 hex digits) as sketches of 64 bits. */
export function hashSketches(hashes: readonly string[]): Sketches {
  const words = new Uint32Array(hashes.length * 2);
  for (const [item, hash] of hashes.entries()) {
    words[2 * item] = Number.parseInt(hash.slice(0, 8), 16);
    words[2 * item + 1] = Number.parseInt(hash.slice(8), 16);
  }
  return { words, wordsPerItem: 2 };
}

const planeWords = 4;
const planes = planeWords * 32;

/** Bits in which vectors whose cosine is at least `cosine` differ at most, in 999 of 1000 cases: the mean and three standard deviations. */
export function planeLimit(cosine: number): number {
  const share = Math.acos(Math.min(1, Math.max(-1, cosine))) / Math.PI;
  return Math.ceil(planes * share + 3 * Math.sqrt(planes * share * (1 - share)));
}

/** Sketches of `count` vectors of `dimension` numbers, to be filled one by one. */
export function createPlaneSketches(count: number, dimension: number): Sketches & { set(item: number, vector: Float32Array): void } {
  const random = seededRandom(1);
  // Directions need not be normal: sums of uniform numbers point as evenly.
  const directions = Float32Array.from({ length: planes * dimension }, () => random() + random() + random() - 1.5);
  const words = new Uint32Array(count * planeWords);
  return {
    words,
    wordsPerItem: planeWords,
    set(item, vector) {
      for (let plane = 0; plane < planes; plane += 1) {
        let sum = 0;
        for (let k = 0; k < dimension; k += 1) sum += (directions[plane * dimension + k] as number) * (vector[k] as number);
        if (sum > 0) words[item * planeWords + (plane >>> 5)] = (words[item * planeWords + (plane >>> 5)] as number) | (1 << (plane & 31));
      }
    },
  };
}

/** In how many bits two items differ. */
export function sketchDistance({ words, wordsPerItem }: Sketches, a: number, b: number): number {
  let bits = 0;
  for (let k = 0; k < wordsPerItem; k += 1)
    bits += bitCount((words[a * wordsPerItem + k] as number) ^ (words[b * wordsPerItem + k] as number));
  return bits;
}

/** Counts the bits of a word in pairs, then in nibbles, then in bytes. */
function bitCount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

const bandValues = 65_536;

/** The items that were added, by what they differ in. */
export class SketchIndex {
  readonly #sketches: Sketches;
  readonly #limit: number;
  readonly #bands: number;
  /** What to flip in a band of 16 bits to meet every value that differs in few enough. */
  readonly #flips: readonly number[];
  readonly #added: number[] = [];
  /** First item of each value of each band, and the next of the same value; -1 for none. */
  readonly #first: Int32Array;
  readonly #next: Int32Array;
  readonly #seen: Int32Array;

  /** `limit`: most bits in which neighbours differ. */
  constructor(sketches: Sketches, limit: number) {
    const { words, wordsPerItem } = sketches;
    const count = words.length / wordsPerItem;
    this.#sketches = sketches;
    this.#limit = limit;
    this.#bands = wordsPerItem * 2;
    this.#flips = flipsUpTo(Math.floor(limit / this.#bands));
    this.#first = new Int32Array(this.#bands * bandValues).fill(-1);
    this.#next = new Int32Array(this.#bands * count).fill(-1);
    this.#seen = new Int32Array(count).fill(-1);
  }

  add(item: number): void {
    this.#added.push(item);
    for (let band = 0; band < this.#bands; band += 1) {
      const slot = band * bandValues + this.#bandOf(item, band);
      this.#next[item * this.#bands + band] = this.#first[slot] as number;
      this.#first[slot] = item;
    }
  }

  isNear(a: number, b: number): boolean {
    return sketchDistance(this.#sketches, a, b) <= this.#limit;
  }

  /** Added items that differ from `item` in at most `limit` bits; the nearest `most` of them. */
  near(item: number, most: number): readonly number[] {
    const found = this.#within(item);
    if (found.length <= most) return found;
    const byDistance = found.map((other) => ({ other, bits: sketchDistance(this.#sketches, item, other) }));
    return byDistance
      .sort((a, b) => a.bits - b.bits || a.other - b.other)
      .slice(0, most)
      .map(({ other }) => other);
  }

  #within(item: number): readonly number[] {
    // Where the bands have more values to look up than there are items, looking at all is faster.
    if (this.#added.length <= this.#bands * this.#flips.length) return this.#added.filter((other) => this.isNear(item, other));
    const found: number[] = [];
    for (let band = 0; band < this.#bands; band += 1) {
      const own = this.#bandOf(item, band);
      for (const flip of this.#flips) {
        let other = this.#first[band * bandValues + (own ^ flip)] as number;
        for (; other !== -1; other = this.#next[other * this.#bands + band] as number) {
          if (this.#seen[other] === item) continue;
          this.#seen[other] = item;
          if (this.isNear(item, other)) found.push(other);
        }
      }
    }
    return found;
  }

  #bandOf(item: number, band: number): number {
    const { words, wordsPerItem } = this.#sketches;
    const word = words[item * wordsPerItem + (band >>> 1)] as number;
    return (band & 1) === 0 ? word >>> 16 : word & 0xffff;
  }
}

/** Every number of 16 bits of which at most `bits` are set. */
function flipsUpTo(bits: number): readonly number[] {
  return Array.from({ length: bandValues }, (_, value) => value).filter((value) => bitCount(value) <= bits);
}
