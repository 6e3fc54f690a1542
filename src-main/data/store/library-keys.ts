/**
 * @file The keys of a library's tables.
 *
 * [Note: Small numbers for long keys] A key is written out once in memory and is a small number everywhere else: the id of a picture, or the path of a
 * file. What is known of a million pictures is then columns of numbers and sets of bits, where maps from strings to objects would take gigabytes.
 * A key keeps its number for as long as the library is open, also when its row is removed, so that no number ever means two things.
 */
import type { Utf8, Vector } from "./arrow";
import { AssetNumbers } from "./asset-numbers";
import { NumberSet } from "./number-set";
import { PathNumbers } from "./path-numbers";

/** Keys and their numbers, given out from 0 up. */
export interface Numbering {
  /** The number of a key; -1 for one that was never added. */
  numberOf(key: string): number;
  /** The number of a key, which it gets now if it has none. */
  add(key: string): number;
  /** The same for a column of keys, with -1 where there is none. */
  addColumn(column: Vector<Utf8>): Int32Array;
  /** The key of a number that was given out. */
  textAt(number: number): string;
}

/** The keys of all tables, by the name of the column that holds them. */
export interface LibraryKeys {
  readonly id: AssetNumbers;
  readonly path: PathNumbers;
}

export function createLibraryKeys(): LibraryKeys {
  return { id: new AssetNumbers(), path: new PathNumbers() };
}

/** A set of keys, as those of one table. */
export class KeySet {
  readonly numbering: Numbering;
  readonly #numbers = new NumberSet();

  constructor(numbering: Numbering) {
    this.numbering = numbering;
  }

  get size(): number {
    return this.#numbers.size;
  }

  has(key: string): boolean {
    const number = this.numbering.numberOf(key);
    return number >= 0 && this.#numbers.has(number);
  }

  hasNumber(number: number): boolean {
    return this.#numbers.has(number);
  }

  /** True when the key is new. @throws for the number of no key */
  addNumber(number: number): boolean {
    if (number < 0) throw new Error("A row has no key");
    return this.#numbers.add(number);
  }

  add(key: string): void {
    this.#numbers.add(this.numbering.add(key));
  }

  delete(key: string): void {
    const number = this.numbering.numberOf(key);
    if (number >= 0) this.#numbers.delete(number);
  }

  clear(): void {
    this.#numbers.clear();
  }

  *[Symbol.iterator](): Generator<string> {
    for (const number of this.#numbers) yield this.numbering.textAt(number);
  }
}
