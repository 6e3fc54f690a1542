/** @file Keeps a folder of files that can be made again below a size, dropping those that were not used for longest. */
import { rm } from "node:fs/promises";
import { sep } from "node:path";
import { walkFiles } from "./content-path";

/** Dropping goes on until this share of the budget is left, so that a full cache does not drop on every write. */
const keptShare = 0.9;

interface KnownFile {
  readonly sizeBytes: number;
  readonly usedMs: number;
}

export interface FileBudget {
  readonly bytes: number;
  /** Changes the size; it holds from the next write or `trim` on. */
  setBytes(bytes: number): void;
  /** Notes that a file was written, and makes room when the folder has grown too large. */
  written(path: string, sizeBytes: number): Promise<void>;
  /** Notes that a file was read: it is dropped later. */
  used(path: string): void;
  removed(paths: Iterable<string>): void;
  /** Makes room if the folder is too large. */
  trim(): Promise<void>;
  /** Drops at least `bytes` where there is that much, whatever the budget, but not `spared`; says how much it was. */
  free(bytes: number, spared: string): Promise<number>;
  /** Drops everything below a folder. */
  clear(folder: string): Promise<{ readonly files: number; readonly bytes: number }>;
  /** Files and sizes. */
  list(): Promise<readonly { readonly path: string; readonly sizeBytes: number }[]>;
}

/** Watches over `folder`, whose files are measured when it is first asked for more than to note. */
export function createFileBudget(folder: string, budgetBytes: number): FileBudget {
  const files = new Map<string, KnownFile>();
  let allowedBytes = budgetBytes;
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
  const whenMeasured = () => (measured ??= measure());
  const drop = async (path: string) => {
    forget(path);
    await rm(path, { force: true });
  };
  /** Drops the least used, but not `spared`, until no more than `bytes` are left. */
  const shrinkTo = async (bytes: number, spared?: string) => {
    const oldestFirst = [...files].sort(([, a], [, b]) => a.usedMs - b.usedMs);
    for (const [path] of oldestFirst) {
      if (totalBytes <= bytes) return;
      if (path !== spared) await drop(path);
    }
  };
  const makeRoom = async () => {
    if (totalBytes > allowedBytes) await shrinkTo(allowedBytes * keptShare);
  };

  return {
    get bytes() {
      return allowedBytes;
    },
    setBytes(bytes) {
      allowedBytes = bytes;
    },
    async written(path, sizeBytes) {
      note(path, { sizeBytes, usedMs: Date.now() });
      await whenMeasured();
      await makeRoom();
    },
    used(path) {
      const known = files.get(path);
      if (known !== undefined) files.set(path, { ...known, usedMs: Date.now() });
    },
    removed(paths) {
      for (const path of paths) forget(path);
    },
    async trim() {
      await whenMeasured();
      await makeRoom();
    },
    async free(bytes, spared) {
      await whenMeasured();
      const before = totalBytes;
      await shrinkTo(Math.max(0, totalBytes - bytes), spared);
      return before - totalBytes;
    },
    async clear(below) {
      await whenMeasured();
      const dropped = [...files].filter(([path]) => path.startsWith(below + sep));
      for (const [path] of dropped) await drop(path);
      return { files: dropped.length, bytes: dropped.reduce((sum, [, { sizeBytes }]) => sum + sizeBytes, 0) };
    },
    async list() {
      await whenMeasured();
      return [...files].map(([path, { sizeBytes }]) => ({ path, sizeBytes }));
    },
  };
}
