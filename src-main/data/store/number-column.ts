/** @file A column of numbers by row, as wide as its numbers are and no wider. */

type Numbers = Float64Array | Uint32Array | Uint16Array | Uint8Array;

const firstRows = 64;

/** Grows with the rows that are written; what was never written is 0. */
export class NumberColumn {
  #numbers: Numbers;
  readonly #kind: new (length: number) => Numbers;

  constructor(kind: new (length: number) => Numbers) {
    this.#kind = kind;
    this.#numbers = new kind(firstRows);
  }

  get(row: number): number {
    return this.#numbers[row] ?? 0;
  }

  set(row: number, value: number): void {
    if (row >= this.#numbers.length) {
      const grown = new this.#kind(Math.max(row + 1, 2 * this.#numbers.length));
      grown.set(this.#numbers);
      this.#numbers = grown;
    }
    this.#numbers[row] = value;
  }
}
