/** @file Whole-file writes that are either there or not: a temporary file beside the target, then a rename. */
import { randomUUID } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { toDiskError } from "./disk-error";

/** Marks files that a killed process may leave behind; readers ignore them, and the store sweeps them. */
export const temporarySuffix = ".tmp";

/** The calls that reach the disk; tests replace them to simulate a disk that is full or read-only. */
export interface FileWriter {
  /** Writes all bytes and closes the file; `isDurable` waits until they have reached the disk. */
  write(path: string, bytes: Uint8Array, isDurable: boolean): Promise<void>;
}

export const diskFileWriter: FileWriter = {
  async write(path, bytes, isDurable) {
    const file = await open(path, "wx");
    try {
      await file.writeFile(bytes);
      if (isDurable) await file.sync();
    } finally {
      await file.close();
    }
  },
};

export interface AtomicWriteOptions {
  /** Survive a power cut too. Costs a disk flush, so only for what cannot be made again. */
  readonly isDurable?: boolean;
  readonly fileWriter?: FileWriter;
}

/**
 * Writes `bytes` to `path`, creating its folder. Readers see the old file or the new one, never a part.
 * @throws disk/full, disk/read-only or disk/failed
 */
export async function writeFileAtomic(path: string, bytes: Uint8Array | string, options: AtomicWriteOptions = {}): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${process.pid}.${randomUUID().slice(0, 8)}${temporarySuffix}`);
  const content = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
  const { isDurable = false, fileWriter = diskFileWriter } = options;
  try {
    await mkdir(folder, { recursive: true });
    await fileWriter.write(temporary, content, isDurable);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw toDiskError(error, path);
  }
}
