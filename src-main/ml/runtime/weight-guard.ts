/** @file Watches over weight files that a session reads: reading past the end of a mapped file that was cut short kills the process. */
import { open, type FileHandle } from "node:fs/promises";
import { appError } from "#shared/domain/app-error";
import type { WeightFile } from "../weights/weight-reference";

/** Weight files that are held open, so that they are looked at themselves and not what has taken their place: one that is removed or replaced stays whole. */
export interface WeightGuard {
  /** @throws weights/malformed when a file is shorter, or otherwise not the one whose header was read */
  assertUnchanged(): Promise<void>;
  release(): Promise<void>;
}

/** Opens the files. Throws checkpoint/not-found when one is gone, weights/malformed when one was changed. */
export async function guardWeights(files: readonly WeightFile[]): Promise<WeightGuard> {
  const opened: { readonly file: WeightFile; readonly handle: FileHandle }[] = [];
  const release = async () => {
    await Promise.all(opened.splice(0).map(({ handle }) => handle.close()));
  };
  const assertUnchanged = async () => {
    for (const { file, handle } of opened) {
      const stats = await handle.stat();
      if (stats.size === file.sizeBytes && stats.mtimeMs === file.modifiedMs) continue;
      throw appError("weights/malformed", `${file.path} was changed after it was opened.`, {
        hint: "Wait until it is written completely, then open it again.",
      });
    }
  };
  try {
    for (const file of files) {
      const handle = await open(file.path, "r").catch((cause: unknown) => {
        throw appError("checkpoint/not-found", `${file.path} is gone.`, { cause, hint: "Choose the checkpoint again." });
      });
      opened.push({ file, handle });
    }
    await assertUnchanged();
  } catch (error) {
    await release();
    throw error;
  }
  return { assertUnchanged, release };
}
