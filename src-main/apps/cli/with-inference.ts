/** @file The models for commands that need no library. */
import { createInProcessInference } from "../../engine/inference/in-process-inference";
import type { InferenceService } from "../../engine/inference/inference-service";
import type { CommandContext } from "./command-context";

/** Runs `use` with models on the device of the options and frees them whatever happens; a device that is given up is told at once. */
export async function withInference<Result>(
  { common, output }: Pick<CommandContext, "common" | "output">,
  use: (inference: InferenceService) => Promise<Result>,
): Promise<Result> {
  const inference = createInProcessInference({ device: common.device, threads: common.threads }, (news) => {
    if (news.kind === "fallback") output.note(news.fallback.message);
    if (news.kind === "preparing")
      output.progress.count(megabytes(news.doneBytes), megabytes(news.totalBytes), "MB of the model prepared, once");
    if (news.kind === "unprepared") output.note(news.reason.message);
  });
  try {
    return await use(inference);
  } finally {
    output.progress.clear();
    await inference.dispose();
  }
}

const megabytes = (bytes: number): number => Math.round(bytes / 1e6);

/** Which device answered, and why it is not the one that was asked for, as every JSON document says it. */
export async function deviceFields(inference: InferenceService): Promise<{ readonly device: string; readonly deviceNote?: string }> {
  const { id, fallback } = await inference.device();
  return { device: id, ...(fallback === null ? {} : { deviceNote: fallback.message }) };
}
