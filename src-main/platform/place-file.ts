/** @file Puts files where nothing is: what lies at a path is never replaced, not even by what appeared there a moment ago. */
import { randomUUID } from "node:crypto";
import { constants, copyFile, link, lstat, rename, rm, stat, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { temporarySuffix } from "./atomic-file";

/** The calls that reach the disk; tests replace them to simulate one that is full. Each throws the system's own errors, EEXIST where something lies at `to`. */
export interface FilePlacer {
  /** A copy with the times of the original, whole or not there. */
  copy(from: string, to: string): Promise<void>;
  /** The file itself under another path; throws EXDEV where that is on another disk. */
  move(from: string, to: string): Promise<void>;
}

export const diskFilePlacer: FilePlacer = {
  async copy(from, to) {
    const temporary = join(dirname(to), `.semblance-${randomUUID()}${temporarySuffix}`);
    try {
      await copyFile(from, temporary, constants.COPYFILE_EXCL);
      const { atime, mtime } = await stat(from);
      await utimes(temporary, atime, mtime);
      await moveToFree(temporary, to);
    } finally {
      await rm(temporary, { force: true });
    }
  },
  move: moveToFree,
};

/** What disks answer that have no second names for a file. */
const noLinks: ReadonlySet<string | undefined> = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"]);

/** A rename replaces what is there and a link does not, so the file gets its new name before it loses the old one. */
async function moveToFree(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!noLinks.has((error as NodeJS.ErrnoException).code)) throw error;
    if (await isTaken(to)) throw Object.assign(new Error(`${to} is there`), { code: "EEXIST" });
    return rename(from, to);
  }
  await rm(from);
}

/** Whether anything lies at a path, be it a link that leads nowhere. */
export async function isTaken(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
