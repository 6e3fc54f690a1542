/** @file Ids of pictures by number, sixteen bytes each; see [Note: Small numbers for long keys]. */
import type { AssetId } from "#shared/domain/asset";
import type { Utf8, Vector } from "./arrow";
import { HashSlots, mixed } from "./hash-slots";
import type { Numbering } from "./library-keys";

const digits = 32;
const bytesPerId = 16;
const wordsPerId = 4;
const firstIds = 64;
const notADigit = 255;

/** The value of an ASCII character as a digit; capital letters are none, since an id has one spelling. */
const digitValues = new Uint8Array(256).fill(notADigit);
for (const [value, digit] of [..."0123456789abcdef"].entries()) digitValues[digit.charCodeAt(0)] = value;

export class AssetNumbers implements Numbering {
  #words = new Uint32Array(wordsPerId * firstIds);
  /** The same memory as `#words`. */
  #bytes = Buffer.from(this.#words.buffer);
  #size = 0;
  /** What was added last. */
  #last = -1;
  readonly #slots = new HashSlots();
  readonly #wantedWords = new Uint32Array(wordsPerId);
  readonly #wantedBytes = new Uint8Array(this.#wantedWords.buffer);
  readonly #characters = new Uint8Array(digits);

  numberOf(id: string): number {
    return this.#parseText(id) ? this.#find(this.#hash()) : -1;
  }

  /** @throws for what is no id */
  add(id: string): number {
    if (!this.#parseText(id)) throw new Error(`"${id}" is no id of a picture`);
    return this.#addParsed();
  }

  /** Reads the bytes where they lie: as strings, a million ids would cost more than all else. @throws for what is no id */
  addColumn(column: Vector<Utf8>): Int32Array {
    const numbers = new Int32Array(column.length).fill(-1);
    let start = 0;
    for (const data of column.data) {
      const { length, values, valueOffsets, nullCount } = data;
      for (let row = 0; row < length; row += 1) {
        if (nullCount > 0 && !data.getValid(row)) continue;
        const from = valueOffsets[row] ?? 0;
        if (!this.#parse(values.subarray(from, valueOffsets[row + 1]))) throw new Error(`row ${start + row} has no id of a picture`);
        numbers[start + row] = this.#addParsed();
      }
      start += length;
    }
    return numbers;
  }

  textAt(asset: number): AssetId {
    return this.#bytes.toString("hex", asset * bytesPerId, (asset + 1) * bytesPerId) as AssetId;
  }

  /** Makes `id` the wanted one; false when it is none. */
  #parseText(id: string): boolean {
    if (id.length !== digits) return false;
    for (let place = 0; place < digits; place += 1) {
      const character = id.charCodeAt(place);
      this.#characters[place] = character < notADigit ? character : notADigit;
    }
    return this.#parse(this.#characters);
  }

  #parse(characters: Uint8Array): boolean {
    if (characters.length !== digits) return false;
    let worst = 0;
    for (let place = 0; place < bytesPerId; place += 1) {
      const high = digitValues[characters[2 * place] ?? 0] ?? notADigit;
      const low = digitValues[characters[2 * place + 1] ?? 0] ?? notADigit;
      worst = Math.max(worst, high, low);
      this.#wantedBytes[place] = (high << 4) | low;
    }
    return worst < notADigit;
  }

  #hash(): number {
    const words = this.#wantedWords;
    let hash = 0;
    for (let place = 0; place < wordsPerId; place += 1) hash = mixed(hash ^ (words[place] ?? 0));
    return hash;
  }

  #find(hash: number): number {
    for (let slot = this.#slots.first(hash); slot >= 0; slot = this.#slots.next(slot, hash)) {
      const asset = this.#slots.at(slot);
      if (this.#isWanted(asset)) return asset;
    }
    return -1;
  }

  #isWanted(asset: number): boolean {
    const [words, wanted, from] = [this.#words, this.#wantedWords, asset * wordsPerId];
    return words[from] === wanted[0] && words[from + 1] === wanted[1] && words[from + 2] === wanted[2] && words[from + 3] === wanted[3];
  }

  /** Tables mostly hold the same pictures in the same order, so the picture after the last one is looked at first. */
  #addParsed(): number {
    const likely = this.#last + 1;
    this.#last = likely < this.#size && this.#isWanted(likely) ? likely : this.#addAnywhere();
    return this.#last;
  }

  #addAnywhere(): number {
    const hash = this.#hash();
    const known = this.#find(hash);
    if (known >= 0) return known;
    const asset = this.#size;
    if ((asset + 1) * wordsPerId > this.#words.length) this.#grow();
    this.#words.set(this.#wantedWords, asset * wordsPerId);
    this.#slots.add(hash, asset);
    this.#size += 1;
    return asset;
  }

  #grow(): void {
    const grown = new Uint32Array(2 * this.#words.length);
    grown.set(this.#words);
    this.#words = grown;
    this.#bytes = Buffer.from(grown.buffer);
  }
}
