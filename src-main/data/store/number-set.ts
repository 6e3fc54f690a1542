/** @file A set of small numbers, one bit each. */

const firstWords = 16;

/** Like a Set, but iterated from the smallest number up. */
export class NumberSet {
  #words = new Uint32Array(firstWords);
  #size = 0;

  /** @param numbers what the set begins with */
  constructor(numbers: Iterable<number> = []) {
    for (const number of numbers) this.add(number);
  }

  get size(): number {
    return this.#size;
  }

  has(number: number): boolean {
    return ((this.#words[number >>> 5] ?? 0) & (1 << (number & 31))) !== 0;
  }

  /** True when the number is new. */
  add(number: number): boolean {
    if (this.has(number)) return false;
    const place = number >>> 5;
    if (place >= this.#words.length) {
      const grown = new Uint32Array(Math.max(place + 1, 2 * this.#words.length));
      grown.set(this.#words);
      this.#words = grown;
    }
    this.#words[place] = (this.#words[place] ?? 0) | (1 << (number & 31));
    this.#size += 1;
    return true;
  }

  /** True when the number was there. */
  delete(number: number): boolean {
    if (!this.has(number)) return false;
    const place = number >>> 5;
    this.#words[place] = (this.#words[place] ?? 0) & ~(1 << (number & 31));
    this.#size -= 1;
    return true;
  }

  clear(): void {
    this.#words = new Uint32Array(firstWords);
    this.#size = 0;
  }

  *[Symbol.iterator](): Generator<number> {
    for (const [place, word] of this.#words.entries()) {
      for (let rest = word; rest !== 0; rest &= rest - 1) yield place * 32 + 31 - Math.clz32(rest & -rest);
    }
  }
}
