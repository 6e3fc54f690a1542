/** @file What a command gets: its options, where to write, when to stop, and how to open a library. */
import { existsSync, statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { type AppError, appError, toAppError } from "#shared/domain/app-error";
import { createEngine, type Engine } from "../../engine/engine";
import { refuseNetwork } from "../../platform/network-guard";
import { defaultLibraryPath } from "../../platform/paths";
import { type CommonOptions, readCommonOptions } from "./common-options";
import { createOutput, type Output, type Streams } from "./output/output";

export interface CommandContext {
  readonly common: CommonOptions;
  readonly output: Output;
  /** Fires on Ctrl-C. */
  readonly signal: AbortSignal;
  /** Runs `use` with an open library and closes it whatever happens. */
  withEngine<T>(use: (engine: Engine) => Promise<T>, how?: OpenHow): Promise<T>;
}

export interface OpenHow {
  /** The command only reads: a library that is in use elsewhere is opened read-only, and none is made where there is none. */
  readonly isReading?: boolean;
  /** With `isReading`: where there is no library the command answers for an empty one. */
  readonly isEmptyAllowed?: boolean;
  readonly readOnly?: boolean;
  readonly libraryPath?: string;
}

/** The world around a run: streams, and the end of patience. */
export interface Surroundings {
  readonly streams: Streams;
  readonly signal: AbortSignal;
}

/** Builds the context of the command that was called. */
export function createCommandContext(command: Command, { streams, signal }: Surroundings): CommandContext {
  const common = readCommonOptions(command);
  if (common.isOffline) refuseNetwork();
  const output = createOutput(common, streams);
  return {
    common,
    output,
    signal,
    async withEngine(use, how = {}) {
      const path = how.libraryPath ?? common.libraryPath ?? defaultLibraryPath();
      // Looking never makes a library: an empty one for the moment of the answer lies elsewhere.
      if (existsSync(path) && !statSync(path).isDirectory())
        throw appError("usage/invalid", `${path} is a file; a library is a folder.`, { hint: "Choose another place with --library." });
      const isImagined = how.isEmptyAllowed === true && !existsSync(join(path, "library.json"));
      const place = isImagined ? await mkdtemp(join(tmpdir(), "semblance-empty-")) : path;
      const note = ({ message }: { readonly message: string }): void => output.note(message);
      const engine = await openEngine(common, note, {
        ...how,
        libraryPath: place,
        ...(isImagined ? { isReading: false, readOnly: false } : {}),
      });
      try {
        return await use(engine);
      } finally {
        await engine.dispose();
        if (isImagined) await rm(place, { recursive: true, force: true });
      }
    },
  };
}

async function openEngine(
  common: CommonOptions,
  note: (told: { readonly message: string }) => void,
  { isReading = false, readOnly = common.isReadOnly, libraryPath }: OpenHow & { readonly libraryPath: string },
): Promise<Engine> {
  const open = (isReadOnly: boolean): Promise<Engine> =>
    createEngine({
      libraryPath,
      readOnly: isReadOnly,
      device: common.device,
      threads: common.threads,
      offline: common.isOffline,
      inference: "in-process",
      onFallback: note,
      onUnprepared: note,
    });
  if (!isReading || readOnly) return open(readOnly);
  // Opened read-only first where there is nothing, so that looking never makes a library.
  if (!existsSync(join(libraryPath, "library.json"))) return open(true);
  return open(false).catch((error: unknown) => {
    if (toAppError(error).code === "library/locked" || toAppError(error).code === "disk/read-only") return open(true);
    throw error;
  });
}

/** Throws when the person pressed Ctrl-C. */
export function throwIfStopped(signal: AbortSignal): void {
  if (signal.aborted) throw stopped();
}

/** What a command does; a number is its exit code when it is not 0. */
export type CommandBody = (context: CommandContext) => Promise<number | void>;

/** Hands a command's body to the runner. */
export type Run = (command: Command, body: CommandBody) => Promise<void>;

/** What Ctrl-C ends with. */
export function stopped(): AppError {
  return appError("job/cancelled", "Stopped.", { hint: "What was done so far is kept." });
}
