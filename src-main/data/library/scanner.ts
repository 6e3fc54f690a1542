/** @file Walks a folder for pictures. Reads names and sizes only; opens, changes and locks nothing. */
import type { BigIntStats, Dirent } from "node:fs";
import { lstat, readdir, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { AppErrorCode } from "#shared/domain/app-error";
import { appError } from "#shared/domain/app-error";
import { readFailure } from "./asset-hash";
import { fileKindOf, isHidden, isSystemFolder } from "./file-kinds";

export type ScannedEntry =
  | {
      readonly kind: "image-candidate";
      readonly path: string;
      readonly sizeBytes: number;
      readonly mtimeMs: number;
      readonly inode: string;
    }
  | { readonly kind: "skipped"; readonly path: string; readonly code: AppErrorCode; readonly message: string };

export interface ScanOptions {
  readonly signal?: AbortSignal;
  /** Folders that are not entered: the library's own. */
  readonly exclude?: readonly string[];
}

/** Looks at this many names at a time: enough to hide the latency of a network drive. */
const statsAtOnce = 32;

interface Walk {
  readonly signal: AbortSignal | undefined;
  readonly excluded: ReadonlySet<string>;
  /** Device and inode of folders that were entered: a link back to one of them is a circle or a second way to the same pictures. */
  readonly entered: Set<string>;
}

const identity = (stats: BigIntStats): string => `${stats.dev}:${stats.ino}`;

const skipped = (path: string, code: AppErrorCode, message: string): ScannedEntry => ({ kind: "skipped", path, code, message });

const unreadable = (path: string, error: unknown): ScannedEntry =>
  skipped(path, "image/unreadable", `${path} cannot be read: ${readFailure(error)}.`);

/**
 * Yields every picture below `root`, folder by folder in the order of names, and everything a person would expect to find but that is
 * left out, with one sentence why. Links to folders are followed, each folder once; links to files count as files.
 * A folder that cannot be read is reported under its own path: what is known about files below it still holds.
 * @throws root/not-found when the root cannot be read at its beginning or is gone at its end; the signal's reason when aborted
 */
export async function* scanFolder(root: string, options: ScanOptions = {}): AsyncGenerator<ScannedEntry> {
  const path = resolve(root);
  const walk: Walk = {
    signal: options.signal,
    excluded: new Set((options.exclude ?? []).map((folder) => resolve(folder))),
    entered: new Set(),
  };
  const disk = await readRoot(path);
  for (const id of await ancestorsOf(path)) walk.entered.add(id);
  yield* scanInto(path, walk);
  if ((await readRoot(path)) === disk) return;
  throw appError("root/not-found", `The drive of ${path} was disconnected while it was read.`, {
    hint: "Connect it again, then rescan.",
  });
}

/** What a single path is now: a picture, something that is left out, or null for nothing that matters. Never throws. */
export async function scanFile(path: string): Promise<ScannedEntry | null> {
  try {
    const stats = await lstat(path);
    const found = await look(path, {
      name: basename(path),
      isDirectory: () => stats.isDirectory(),
      isSymbolicLink: () => stats.isSymbolicLink(),
    });
    return found?.kind === "folder" ? null : found;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "ENOENT" || code === "ENOTDIR" ? null : unreadable(path, error);
  }
}

/** Whether a folder can be read and holds something: an empty one may be the mount point of a drive that is not there. */
export async function isFolderThere(path: string): Promise<boolean> {
  return readdir(path).then(
    (names) => names.length > 0,
    () => false,
  );
}

/**
 * Reads the names in a root and answers which disk it lies on. Drives vanish in the middle of a walk; without a second look every picture
 * on them would seem deleted, also where an empty folder is left in their place.
 */
async function readRoot(path: string): Promise<bigint> {
  try {
    await readdir(path);
    return (await stat(path, { bigint: true })).dev;
  } catch (error) {
    throw appError("root/not-found", `The folder ${path} cannot be read: ${readFailure(error)}.`, {
      hint: "Connect its drive, or remove the folder from the library.",
      cause: error,
    });
  }
}

/** Folders above the root count as entered: a link up to one of them must not drag the rest of the disk into the library. */
async function ancestorsOf(path: string): Promise<string[]> {
  const ids: string[] = [];
  for (let folder = dirname(await realpath(path)); ; folder = dirname(folder)) {
    const stats = await stat(folder, { bigint: true }).catch(() => null);
    if (stats !== null) ids.push(identity(stats));
    if (dirname(folder) === folder) return ids;
  }
}

async function* scanInto(folder: string, walk: Walk): AsyncGenerator<ScannedEntry> {
  // A stack instead of recursion: depth is the user's business.
  const pending = [folder];
  for (let current = pending.pop(); current !== undefined; current = pending.pop()) {
    walk.signal?.throwIfAborted();
    const names = await enter(current, walk);
    if (!Array.isArray(names)) {
      if (names !== null) yield names;
      continue;
    }
    const folders: string[] = [];
    for (let start = 0; start < names.length; start += statsAtOnce) {
      walk.signal?.throwIfAborted();
      const looks = await Promise.all(names.slice(start, start + statsAtOnce).map((entry) => look(join(current, entry.name), entry)));
      for (const found of looks) {
        if (found?.kind === "folder") folders.push(found.path);
        else if (found !== null) yield found;
      }
    }
    pending.push(...folders.reverse());
  }
}

/** The visible entries of a folder in order; null when it was entered before, a skipped entry when it cannot be read. */
async function enter(folder: string, walk: Walk): Promise<Dirent[] | ScannedEntry | null> {
  if (walk.excluded.has(folder)) return null;
  try {
    const id = identity(await stat(folder, { bigint: true }));
    if (walk.entered.has(id)) return null;
    walk.entered.add(id);
    const entries = (await readdir(folder, { withFileTypes: true })).filter((entry) => !isHidden(entry.name));
    return entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  } catch (error) {
    return unreadable(folder, error);
  }
}

type Found = ScannedEntry | { readonly kind: "folder"; readonly path: string } | null;

/** What one name is. Only names that can matter are asked for their size. */
async function look(path: string, entry: Pick<Dirent, "name" | "isDirectory" | "isSymbolicLink">): Promise<Found> {
  if (entry.isDirectory()) return isSystemFolder(entry.name) ? null : { kind: "folder", path };
  const kind = fileKindOf(entry.name);
  if (entry.isSymbolicLink()) {
    const target = await stat(path).catch(() => null);
    if (target?.isDirectory() === true) return isSystemFolder(entry.name) ? null : { kind: "folder", path };
    if (target === null && kind.kind !== "other") return lookAtBrokenLink(path);
  }
  if (kind.kind === "other") return null;
  if (kind.kind === "unsupported")
    return skipped(
      path,
      "image/unsupported",
      `${path} is in the ${kind.formatName} format, which Semblance does not read; export it as PNG or JPEG to include it.`,
    );
  return lookAtPicture(path, entry.name);
}

async function lookAtBrokenLink(path: string): Promise<Found> {
  const isThere = await lstat(path).then(
    () => true,
    () => false,
  );
  return isThere ? skipped(path, "image/unreadable", `${path} is a link to something that is not there or cannot be reached.`) : null;
}

async function lookAtPicture(path: string, name: string): Promise<Found> {
  try {
    const stats = await stat(path, { bigint: true });
    // A named pipe would block whoever opens it, for ever.
    if (!stats.isFile()) return skipped(path, "image/unreadable", `${path} is not a regular file.`);
    if (stats.size === 0n) return skipped(path, "image/undecodable", `${path} is empty.`);
    return {
      kind: "image-candidate",
      path,
      sizeBytes: Number(stats.size),
      mtimeMs: Number(stats.mtimeNs / 1_000n) / 1_000,
      inode: identity(stats),
    };
  } catch (error) {
    if (name.includes("\uFFFD"))
      return skipped(
        path,
        "image/unreadable",
        `${path} has a name that is not valid text, so it cannot be opened; rename it to include it.`,
      );
    return unreadable(path, error);
  }
}
