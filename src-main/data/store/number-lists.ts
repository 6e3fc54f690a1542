/** @file A short list of numbers in each row, all lists end to end in one typed array. */
import { NumberColumn } from "./number-column";

const firstCells = 256;
/** In front of each list stands its length; a start of 0 means no list. */
const firstStart = 1;

/** A row has no list until it is given one. */
export class NumberLists {
  #cells = new Uint32Array(firstCells);
  #used = firstStart;
  /** Cells of lists that are still some row's. */
  #live = 0;
  #rows = 0;
  readonly #starts = new NumberColumn(Uint32Array);

  has(row: number): boolean {
    return this.#starts.get(row) !== 0;
  }

  set(row: number, list: readonly number[]): void {
    this.delete(row);
    const length = 1 + list.length;
    if (this.#used + length > this.#cells.length) this.#makeRoom(length);
    this.#cells[this.#used] = list.length;
    this.#cells.set(list, this.#used + 1);
    this.#starts.set(row, this.#used);
    this.#used += length;
    this.#live += length;
    this.#rows = Math.max(this.#rows, row + 1);
  }

  delete(row: number): void {
    if (!this.has(row)) return;
    this.#live -= this.#lengthAt(this.#starts.get(row));
    this.#starts.set(row, 0);
  }

  /** Calls `visit` with each number of a row's list, in order. */
  visit(row: number, visit: (number: number) => void): void {
    const start = this.#starts.get(row);
    if (start === 0) return;
    const end = start + this.#lengthAt(start);
    for (let place = start + 1; place < end; place += 1) visit(this.#cells[place] ?? 0);
  }

  /** With the cell of the length itself. */
  #lengthAt(start: number): number {
    return 1 + (this.#cells[start] ?? 0);
  }

  /** Moves the lists closer together, where some were deleted, and into twice the space that they need. */
  #makeRoom(length: number): void {
    const cells = new Uint32Array(2 * (firstStart + this.#live + length));
    let used = firstStart;
    for (let row = 0; row < this.#rows; row += 1) {
      const start = this.#starts.get(row);
      if (start === 0) continue;
      const end = start + this.#lengthAt(start);
      cells.set(this.#cells.subarray(start, end), used);
      this.#starts.set(row, used);
      used += end - start;
    }
    this.#cells = cells;
    this.#used = used;
  }
}
