/** @file The library's files in one order, kept in order while files come and go. */
import type { AssetSort } from "#shared/domain/library";
import type { FileTable } from "./file-table";
import { naturalKey, naturalPathKey } from "./natural-key";
import { NumberSet } from "./number-set";
import type { PathNumbers } from "./path-numbers";

/** Orders that files have by themselves. */
export type FileSort = Exclude<AssetSort, "rating" | "largest" | "taken">;

type SortKey = number | string;

export interface FileOrder {
  /** Files come from the least key up. */
  readonly keyOf: (file: number) => SortKey;
  /** Paths are unique, so that every order is total and a page never shows a picture twice. */
  readonly compareEqual: (a: number, b: number) => number;
}

/** The order of files by number. */
export function fileOrder(sort: FileSort, files: FileTable, paths: PathNumbers): FileOrder {
  const keys: Readonly<Record<FileSort, (file: number) => SortKey>> = {
    newest: (file) => -files.timeOf(file),
    oldest: (file) => files.timeOf(file),
    name: (file) => naturalKey(paths.nameAt(file)),
    folder: (file) => naturalPathKey(paths.textAt(file)),
  };
  return { keyOf: keys[sort], compareEqual: (a, b) => paths.compare(a, b) };
}

export interface SortedView {
  add(file: number): void;
  remove(file: number): void;
  /** All files in order; the array is replaced, never changed. */
  files(): Uint32Array;
}

/** From this share of new files on, sorting afresh is cheaper than finding the place of each. */
const manyAdded = 1 / 8;

/**
 * Keeps files ordered. Changes are collected and inserted when the order is asked for: m log n for m changes among n files, where sorting
 * afresh would be n log n for every batch of a running job.
 */
export function createSortedView(order: FileOrder, initial: Iterable<number>): SortedView {
  let ordered = sorted(order, Uint32Array.from(initial));
  const added = new NumberSet();
  const removed = new NumberSet();

  return {
    add(file) {
      added.add(file);
    },
    remove(file) {
      if (!added.delete(file)) removed.add(file);
    },
    files() {
      if (removed.size > 0) {
        ordered = ordered.filter((file) => !removed.has(file));
        removed.clear();
      }
      if (added.size > 0) {
        ordered =
          added.size > ordered.length * manyAdded
            ? sorted(order, Uint32Array.from([...ordered, ...added]))
            : inserted(order, ordered, sorted(order, Uint32Array.from(added)));
        added.clear();
      }
      return ordered;
    },
  };
}

const compareKeys = (a: SortKey, b: SortKey): number => (a < b ? -1 : a > b ? 1 : 0);

/** Each key is made once. */
function sorted({ keyOf, compareEqual }: FileOrder, files: Uint32Array): Uint32Array {
  const keys = Array.from(files, keyOf);
  const fileAt = (place: number): number => files[place] ?? 0;
  const keyAt = (place: number): SortKey => keys[place] ?? 0;
  const places = Uint32Array.from(files.keys()).sort((a, b) => compareKeys(keyAt(a), keyAt(b)) || compareEqual(fileAt(a), fileAt(b)));
  return places.map(fileAt);
}

function inserted({ keyOf, compareEqual }: FileOrder, files: Uint32Array, more: Uint32Array): Uint32Array {
  const result = new Uint32Array(files.length + more.length);
  let taken = 0;
  for (const [count, file] of more.entries()) {
    const key = keyOf(file);
    let [low, high] = [taken, files.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = files[middle] ?? 0;
      if ((compareKeys(keyOf(other), key) || compareEqual(other, file)) < 0) low = middle + 1;
      else high = middle;
    }
    result.set(files.subarray(taken, low), taken + count);
    result[low + count] = file;
    taken = low;
  }
  result.set(files.subarray(taken), taken + more.length);
  return result;
}

/** The files from the greatest key down; equal ones, and last those without a key (null), stay as they were. */
export function rankedBy(files: Uint32Array, keyOf: (file: number) => number | null): Uint32Array {
  const keys = Float64Array.from(files, (file) => keyOf(file) ?? Number.NEGATIVE_INFINITY);
  const keyAt = (place: number): number => keys[place] ?? 0;
  // Infinite keys have no difference, so they are compared.
  const places = Uint32Array.from(files.keys()).sort((a, b) => (keyAt(a) === keyAt(b) ? a - b : keyAt(a) > keyAt(b) ? -1 : 1));
  return places.map((place) => files[place] ?? 0);
}
