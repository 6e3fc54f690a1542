/** @file Whether a folder holds the files of a root, and where a root that is not there may be now. */
import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { dirname, join, parse, relative, sep } from "node:path";
import type { LibraryRoot, RootPlace } from "#shared/domain/library";
import { hashFile } from "../../data/library/asset-hash";
import type { FileRecord } from "../../data/store/store-types";
import { listPlaces } from "./folder-listing";

/** Files looked for by their size: enough that a folder that lacks a tenth shows it, few enough for a network drive. */
const lookedFor = 200;
const looksAtOnce = 16;
/** The smallest of those found are read to the end: equal sizes alone would take any folder of bitmaps for another. */
const hashedFiles = 5;
const largestHashedBytes = 64 << 20;
/** Folders beside a missing one that are tried, since it may only have been renamed. */
const triedSiblings = 200;
/** A first, cheap look tells most wrong places. */
const firstLook = 8;

export interface FolderCheck extends RootPlace {
  /** A file that was looked for in vain. */
  readonly missing: string | null;
}

/** Which of a root's files, a sample spread over all of them, lie at the same place below `folder` with the same size and content. */
export async function checkFolder(root: LibraryRoot, files: readonly FileRecord[], folder: string): Promise<FolderCheck> {
  return check({ root, sample: spread(files, lookedFor), folder, hashes: hashedFiles });
}

/** A place that holds at least half of what was looked for is the root's. A root without files may be anywhere. */
export function isPlaceOf({ found, checked }: RootPlace): boolean {
  return found * 2 >= checked;
}

/** Folders that hold the files of a root that is not there: the same path on another drive, or its folder under another name. Best first. */
export async function findPlaces(root: LibraryRoot, files: readonly FileRecord[]): Promise<readonly RootPlace[]> {
  if (files.length === 0) return [];
  const first = spread(files, firstLook);
  const places: RootPlace[] = [];
  for (const folder of await candidates(root.path)) {
    const look = await check({ root, sample: first, folder, hashes: 0 });
    if (look.found === 0 || !isPlaceOf(look)) continue;
    const { path, found, checked, missing } = await checkFolder(root, files, folder);
    if (isPlaceOf({ path, found, checked })) places.push({ path, found, checked });
    if (missing === null) break;
  }
  return places.sort((a, b) => b.found - a.found);
}

function spread(files: readonly FileRecord[], count: number): readonly FileRecord[] {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const step = Math.max(1, sorted.length / count);
  return Array.from({ length: Math.min(count, sorted.length) }, (_, index) => sorted[Math.floor(index * step)]).filter(
    (file) => file !== undefined,
  );
}

interface Check {
  readonly root: LibraryRoot;
  readonly sample: readonly FileRecord[];
  readonly folder: string;
  readonly hashes: number;
}

async function check({ root, sample, folder, hashes }: Check): Promise<FolderCheck> {
  const placeOf = (file: FileRecord): string => join(folder, relative(root.path, file.path));
  const found: FileRecord[] = [];
  for (let start = 0; start < sample.length; start += looksAtOnce) {
    const part = sample.slice(start, start + looksAtOnce);
    const sizes = await Promise.all(part.map((file) => sizeOf(placeOf(file))));
    found.push(...part.filter((file, index) => sizes[index] === file.sizeBytes));
  }
  const readable = found.filter((file) => file.assetId !== null && file.sizeBytes <= largestHashedBytes);
  const foreign = new Set<FileRecord>();
  for (const file of readable.sort((a, b) => a.sizeBytes - b.sizeBytes).slice(0, hashes)) {
    const id = await hashFile(placeOf(file)).catch(() => null);
    if (id !== file.assetId) foreign.add(file);
  }
  // One file of other content may have been edited; where all have, it is another folder with files of the same sizes.
  const isForeign = foreign.size > 0 && foreign.size === Math.min(hashes, readable.length);
  const there = new Set(isForeign ? [] : found.filter((file) => !foreign.has(file)));
  return {
    path: folder,
    found: there.size,
    checked: sample.length,
    missing: sample.find((file) => !there.has(file))?.path ?? null,
  };
}

async function sizeOf(path: string): Promise<number | null> {
  return stat(path).then(
    (stats) => stats.size,
    () => null,
  );
}

/** The end of the old path below every place where drives appear, longest first, then the folders beside the old one. */
async function candidates(path: string): Promise<readonly string[]> {
  const names = path.slice(parse(path).root.length).split(sep);
  const places = await listPlaces();
  const tails = names.map((_, index) => names.slice(index));
  const elsewhere = tails.flatMap((tail) => places.map((place) => join(place.path, ...tail)));
  const beside = (await foldersIn(dirname(path))).slice(0, triedSiblings);
  return [...new Set([...elsewhere, ...places.map((place) => place.path), ...beside])].filter((folder) => folder !== path);
}

async function foldersIn(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch((): Dirent[] => []);
  return entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith(".")).map((entry) => join(path, entry.name));
}
