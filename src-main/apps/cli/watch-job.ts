/** @file Follows a job of the engine until it ends, as the command line does: with a line of progress, and an end on Ctrl-C. */
import { appError } from "#shared/domain/app-error";
import type { Job, JobId } from "#shared/domain/job";
import type { Engine } from "../../engine/engine";
import { type CommandContext, throwIfStopped } from "./command-context";

/** Shows the progress of a job until it ends, and stops it at its next step on Ctrl-C. `events` were asked for before it began. Throws what made it fail. */
export async function watchJob(
  context: CommandContext,
  engine: Engine,
  { events, id }: { readonly events: AsyncIterable<Job>; readonly id: JobId },
): Promise<Job> {
  const stop = (): void => void engine.jobs.cancel(id);
  context.signal.addEventListener("abort", stop, { once: true });
  for await (const job of events) {
    if (job.id !== id) continue;
    context.output.progress.show(job);
    if (job.state === "done" || job.state === "failed" || job.state === "cancelled") break;
  }
  context.output.progress.clear();
  context.signal.removeEventListener("abort", stop);
  const job = await engine.jobs.finished(id);
  if (job.error !== null) throw appError(job.error.code, job.error.message, job.error.hint === undefined ? {} : { hint: job.error.hint });
  if (job.state === "cancelled") throwIfStopped(context.signal);
  return job;
}
