/** @file Keeps a folder of files that can be made again below a size, dropping those that were not used for longest. */
import { rm } from "node:fs/promises";
import { walkFiles } from "./content-path";

/** Dropping goes on until this share of the budget is left, so that a full cache does not drop on every write. */
const keptShare = 0.9;

interface KnownFile {
  readonly sizeBytes: number;
  readonly usedMs: number;
}

export interface FileBudget {
  /** Notes that a file was written, and makes room when the folder has grown too large. */
  written(path: string, sizeBytes: number): Promise<void>;
  /** Notes that a file was read: it is dropped later. */
  used(path: string): void;
  removed(paths: Iterable<string>): void;
}

/** Watches over `folder`, whose files are measured when the first one is written. */
export function createFileBudget(folder: string, budgetBytes: number): FileBudget {
  const files = new Map<string, KnownFile>();
  let totalBytes = 0;
  let measured: Promise<void> | null = null;

  const forget = (path: string) => {
    totalBytes -= files.get(path)?.sizeBytes ?? 0;
    files.delete(path);
  };
  const note = (path: string, file: KnownFile) => {
    forget(path);
    files.set(path, file);
    totalBytes += file.sizeBytes;
  };
  const measure = async () => {
    for await (const { path, sizeBytes, mtimeMs } of walkFiles(folder)) {
      if (!files.has(path)) note(path, { sizeBytes, usedMs: mtimeMs });
    }
  };
  const makeRoom = async () => {
    const oldestFirst = [...files].sort(([, a], [, b]) => a.usedMs - b.usedMs);
    for (const [path] of oldestFirst) {
      if (totalBytes <= budgetBytes * keptShare) return;
      forget(path);
      await rm(path, { force: true });
    }
  };

  return {
    async written(path, sizeBytes) {
      note(path, { sizeBytes, usedMs: Date.now() });
      await (measured ??= measure());
      if (totalBytes > budgetBytes) await makeRoom();
    },
    used(path) {
      const known = files.get(path);
      if (known !== undefined) files.set(path, { ...known, usedMs: Date.now() });
    },
    removed(paths) {
      for (const path of paths) forget(path);
    },
  };
}
