/** @file An index run as the command line shows it. */
import type { Job } from "#shared/domain/job";
import type { Engine } from "../../../engine/engine";
import { type CommandContext, throwIfStopped } from "../command-context";
import { watchJob } from "../watch-job";

/** Starts an index run, shows its progress until it ends, and stops it at the next picture on Ctrl-C. Throws what made the run fail. */
export async function watchIndexRun(context: CommandContext, engine: Engine): Promise<Job> {
  throwIfStopped(context.signal);
  const events = engine.jobs.events();
  return watchJob(context, engine, { events, id: engine.indexing.start((await engine.inference.device()).id).id });
}
