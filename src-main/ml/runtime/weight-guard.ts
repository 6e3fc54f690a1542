/** @file Checks weight files right before a session maps them: reading past the end of a file that was cut short kills the process. */
import { stat } from "node:fs/promises";
import { appError } from "#shared/domain/app-error";
import type { WeightFile } from "../weights/weight-reference";

/** Throws when a file is gone, shorter, or otherwise not the one whose header was read. */
export async function assertUnchanged(files: readonly WeightFile[]): Promise<void> {
  for (const file of files) {
    const stats = await stat(file.path).catch((cause: unknown) => {
      throw appError("checkpoint/not-found", `${file.path} is gone.`, { cause, hint: "Choose the checkpoint again." });
    });
    if (stats.size !== file.sizeBytes || stats.mtimeMs !== file.modifiedMs) {
      throw appError("weights/malformed", `${file.path} was changed after it was opened.`, {
        hint: "Wait until it is written completely, then open it again.",
      });
    }
  }
}
