/** @file What a command gets: its options, where to write, when to stop, and how to open a library. */
import type { Command } from "commander";
import { appError } from "#shared/domain/app-error";
import { createEngine, type Engine } from "../../engine/engine";
import { type CommonOptions, readCommonOptions } from "./common-options";
import { createOutput, type Output, type Streams } from "./output/output";

export interface CommandContext {
  readonly common: CommonOptions;
  readonly output: Output;
  /** Fires on Ctrl-C. */
  readonly signal: AbortSignal;
  /** Runs `use` with an open library and closes it whatever happens. */
  withEngine<T>(use: (engine: Engine) => Promise<T>, overrides?: { readonly readOnly?: boolean; readonly libraryPath?: string }): Promise<T>;
}

/** The world around a run: streams, and the end of patience. */
export interface Surroundings {
  readonly streams: Streams;
  readonly signal: AbortSignal;
}

/** Builds the context of the command that was called. */
export function createCommandContext(command: Command, { streams, signal }: Surroundings): CommandContext {
  const common = readCommonOptions(command);
  return {
    common,
    output: createOutput(common, streams),
    signal,
    async withEngine(use, overrides = {}) {
      const engine = await createEngine({
        libraryPath: overrides.libraryPath ?? common.libraryPath,
        readOnly: overrides.readOnly ?? common.isReadOnly,
        device: common.device,
        threads: common.threads,
        offline: common.isOffline,
        inference: "in-process",
      });
      try {
        return await use(engine);
      } finally {
        await engine.dispose();
      }
    },
  };
}

/** Throws when the person pressed Ctrl-C. */
export function throwIfStopped(signal: AbortSignal): void {
  if (signal.aborted) throw appError("job/cancelled", "Stopped.", { hint: "What was done so far is kept." });
}
