/** @file The folders a person added. They are read in place and never written. */
import { createHash } from "node:crypto";
import { readdir, realpath, stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { appError } from "#shared/domain/app-error";
import type { LibraryRoot, RootId } from "#shared/domain/library";
import { defined } from "#shared/lib/assert";
import { brandId } from "#shared/lib/branded-id";
import type { RootsDocument, StoredRoot } from "./catalogue";
import { isInFolder } from "./path-test";
import type { LibraryIndex } from "./library-index";
import type { RootMove } from "./root-move";
import { moveInIndex } from "./root-move";
import type { RootStore } from "./store-types";
import type { Writer } from "./writer";

interface RootStoreOptions {
  readonly document: RootsDocument;
  readonly index: LibraryIndex;
  readonly writer: Writer;
  readonly libraryPath: string;
  /** Removes what the library knows of these files and of assets that only they had. */
  readonly forgetFiles: (rootId: RootId) => Promise<number>;
  /** Rewrites the rows of a root that moved; see [Note: Moved roots]. */
  readonly moveRows: (move: RootMove) => Promise<void>;
}

/** Ids follow from the path: adding the same folder again finds what is known about it. */
function rootIdOf(path: string): RootId {
  return brandId<RootId>(createHash("sha256").update(path).digest("hex").slice(0, 16));
}

const nameOf = (path: string): string => basename(path) || path;

/** Systems that do not tell "Photos" from "photos" must not get both as roots. */
const comparable = (path: string): string => (process.platform === "linux" ? path : path.toLowerCase());

async function folderAt(path: string): Promise<string> {
  try {
    const real = await realpath(resolve(path));
    if ((await stat(real)).isDirectory()) return real;
  } catch (error) {
    throw appError("root/not-found", `The folder ${path} cannot be opened.`, {
      hint: "Check the spelling, and whether its drive is connected.",
      cause: error,
    });
  }
  throw appError("root/not-found", `${path} is not a folder.`, { hint: "Add the folder that holds the picture." });
}

/** A folder that is there but lost everything it held is the empty mount point of a drive that is not connected. */
async function isAvailable(path: string, knownFiles: number): Promise<boolean> {
  try {
    const names = await readdir(path);
    return names.length > 0 || knownFiles === 0;
  } catch {
    return false;
  }
}

/** Looks at each root's folder and tells the index. Files must be in the index for an empty mount point to be recognised. */
export async function setIndexRoots(document: RootsDocument, index: LibraryIndex): Promise<LibraryRoot[]> {
  const roots: LibraryRoot[] = [];
  for (const { id, path, isSample, isWatched } of document.read()) {
    const fileCount = index.fileCount(id);
    const isThere = await isAvailable(path, fileCount);
    roots.push({ id, path, name: nameOf(path), isSample, isWatched, isAvailable: isThere, fileCount });
  }
  const unavailable = roots.filter((root) => !root.isAvailable).map((root) => root.id);
  index.setRoots(roots, new Set(unavailable));
  return roots;
}

/** Finishes the moves of roots that were cut short; read-only, only in memory. Runs before anything else may write. */
export async function finishMoves(options: Pick<RootStoreOptions, "document" | "index" | "writer" | "moveRows">): Promise<void> {
  const { document, index, writer, moveRows } = options;
  for (const { movedFrom, ...root } of document.read()) {
    if (movedFrom === undefined) continue;
    const move: RootMove = { from: movedFrom, to: root };
    if (!writer.isReadOnly) {
      await writer.write(async () => {
        await moveRows(move);
        await document.replace(document.read().map((other) => (other.id === root.id ? root : other)));
      });
    }
    moveInIndex(index, move);
  }
  await setIndexRoots(document, index);
}

/** Opens the list of roots for the engine. */
export function createRootStore(options: RootStoreOptions): RootStore {
  const { document, index, writer, libraryPath, forgetFiles } = options;

  const rootOf = (rootId: RootId): StoredRoot => {
    const root = document.read().find((other) => other.id === rootId);
    if (root === undefined)
      throw appError("root/not-found", `There is no root ${rootId} in the library.`, { hint: "See `semblance index list`." });
    return root;
  };

  const assertNoOverlap = (path: string, apartFrom?: RootId) => {
    const candidate = comparable(path);
    if (isInFolder(candidate, comparable(libraryPath))) {
      throw appError("root/overlaps", `${path} is inside the library's own folder ${libraryPath}.`, {
        hint: "Add the folder where your pictures are.",
      });
    }
    for (const root of document.read().filter((other) => other.id !== apartFrom)) {
      const existing = comparable(root.path);
      if (existing === candidate)
        throw appError("root/overlaps", `${path} is already in the library.`, { hint: "Nothing to do; rescan to find new pictures." });
      if (isInFolder(candidate, existing))
        throw appError("root/overlaps", `${path} is inside ${root.path}, which is already in the library.`, {
          hint: "Its pictures are included already.",
        });
      if (isInFolder(existing, candidate))
        throw appError("root/overlaps", `${path} contains ${root.path}, which is already in the library.`, {
          hint: `Remove ${root.path} first, then add ${path}.`,
        });
    }
  };

  return {
    list: () => setIndexRoots(document, index),
    async add(path, { isSample }) {
      const real = await folderAt(path);
      return writer.write(async () => {
        assertNoOverlap(real);
        const root: StoredRoot = { id: rootIdOf(real), path: real, isSample, isWatched: true };
        await document.replace([...document.read(), root]);
        await setIndexRoots(document, index);
        return { ...root, name: nameOf(real), isAvailable: true, fileCount: index.fileCount(root.id) };
      });
    },
    async remove(rootId) {
      rootOf(rootId);
      // The list first: killed after it, the next start finds files of an unknown root and forgets them.
      await writer.write(() => document.replace(document.read().filter((root) => root.id !== rootId)));
      const removedFiles = await forgetFiles(rootId);
      await setIndexRoots(document, index);
      return { removedFiles };
    },
    async relocate(rootId, path) {
      const real = await folderAt(path);
      const from = rootOf(rootId);
      if (from.path !== real) {
        await writer.write(async () => {
          assertNoOverlap(real, rootId);
          const moved: StoredRoot = { ...from, id: rootIdOf(real), path: real, movedFrom: { id: from.id, path: from.path } };
          await document.replace(document.read().map((root) => (root.id === rootId ? moved : root)));
          await setIndexRoots(document, index);
        });
      }
      await finishMoves(options);
      return defined(
        (await setIndexRoots(document, index)).find((root) => root.path === real),
        "a root that moved is in the list",
      );
    },
    setWatched: (rootId, isWatched) =>
      writer.write(async () => {
        rootOf(rootId);
        await document.replace(document.read().map((root) => (root.id === rootId ? { ...root, isWatched } : root)));
      }),
  };
}
