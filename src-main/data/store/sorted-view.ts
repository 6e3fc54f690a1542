/** @file The library's files in one order, kept in order while files come and go. */
import type { AssetSort } from "#shared/domain/library";
import type { FileEntry } from "./file-entry";

type Compare = (a: FileEntry, b: FileEntry) => number;

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
/** Paths are unique, so that every order is total and a page never shows a picture twice. */
const byPath: Compare = (a, b) => byText(a.record.path, b.record.path);

/** Orders that files have by themselves. */
export type FileSort = Exclude<AssetSort, "rating" | "largest" | "taken">;

const compareBy: Readonly<Record<FileSort, Compare>> = {
  newest: (a, b) => b.record.mtimeMs - a.record.mtimeMs || byPath(a, b),
  oldest: (a, b) => a.record.mtimeMs - b.record.mtimeMs || byPath(a, b),
  name: (a, b) => byText(a.nameKey, b.nameKey) || byPath(a, b),
  folder: (a, b) => byText(a.pathKey, b.pathKey) || byPath(a, b),
};

export interface SortedView {
  add(entry: FileEntry): void;
  remove(entry: FileEntry): void;
  /** All entries in order; the array is replaced, never changed. */
  entries(): readonly FileEntry[];
}

/**
 * Keeps entries ordered by `sort`. Changes are collected and merged in when the order is asked for: n + m log m for m changes,
 * where sorting afresh would be (n + m) log (n + m) for every batch of a running job.
 */
export function createSortedView(sort: FileSort, initial: Iterable<FileEntry>): SortedView {
  const compare = compareBy[sort];
  let ordered: readonly FileEntry[] = [...initial].sort(compare);
  const added = new Set<FileEntry>();
  const removed = new Set<FileEntry>();

  return {
    add(entry) {
      added.add(entry);
    },
    remove(entry) {
      if (!added.delete(entry)) removed.add(entry);
    },
    entries() {
      if (removed.size > 0) {
        ordered = ordered.filter((entry) => !removed.has(entry));
        removed.clear();
      }
      if (added.size > 0) {
        ordered = mergeOrdered(ordered, [...added].sort(compare), compare);
        added.clear();
      }
      return ordered;
    },
  };
}

function mergeOrdered(a: readonly FileEntry[], b: readonly FileEntry[], compare: Compare): readonly FileEntry[] {
  const merged: FileEntry[] = [];
  let indexB = 0;
  for (const entry of a) {
    for (let next = b[indexB]; next !== undefined && compare(next, entry) < 0; next = b[indexB]) {
      merged.push(next);
      indexB += 1;
    }
    merged.push(entry);
  }
  for (; indexB < b.length; indexB += 1) merged.push(b[indexB] as FileEntry);
  return merged;
}

/** The entries from the greatest key down; equal ones, and last those without a key (null), stay as they were. */
export function rankedBy(entries: readonly FileEntry[], keyOf: (entry: FileEntry) => number | null): readonly FileEntry[] {
  const keys = Float64Array.from(entries, (entry) => keyOf(entry) ?? Number.NEGATIVE_INFINITY);
  const keyAt = (place: number): number => keys[place] ?? 0;
  // Infinite keys have no difference, so they are compared.
  const places = Uint32Array.from(entries.keys()).sort((a, b) => (keyAt(a) === keyAt(b) ? a - b : keyAt(a) > keyAt(b) ? -1 : 1));
  return Array.from(places, (place) => entries[place] as FileEntry);
}
