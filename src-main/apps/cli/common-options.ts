/** @file Options that every command takes, and how their text becomes values. */
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { z } from "zod";
import { appError } from "#shared/domain/app-error";
import { type DeviceId, deviceIds } from "#shared/domain/device";
import type { Crop } from "#shared/domain/search";

const commonOptionsSchema = z.object({
  library: z.string().optional(),
  device: z.enum(["auto", ...deviceIds]).default("auto"),
  threads: z.number().optional(),
  json: z.boolean().default(false),
  jsonl: z.boolean().default(false),
  quiet: z.boolean().default(false),
  verbose: z.boolean().default(false),
  offline: z.boolean().default(false),
  readOnly: z.boolean().default(false),
});

/** The common options as values. `libraryPath` null means the user's data folder, `device` null the best one. */
export interface CommonOptions {
  readonly libraryPath: string | null;
  readonly device: DeviceId | null;
  readonly threads: number | null;
  readonly isJson: boolean;
  readonly isJsonLines: boolean;
  readonly isQuiet: boolean;
  readonly isVerbose: boolean;
  readonly isOffline: boolean;
  readonly isReadOnly: boolean;
}

/** Declares the common options on the program; commands below inherit them. */
export function addCommonOptions(program: Command): Command {
  return program
    .option("--library <dir>", "where the index lives (default: the user's data folder, or SEMBLANCE_LIBRARY)", parsePath("--library"))
    .addOption(new Option("--device <name>", "where the models run").choices(["auto", ...deviceIds]))
    .option("--threads <n>", "processor threads of a model run", parseCount("--threads"))
    .option("--json", "print one JSON document")
    .option("--jsonl", "print one JSON line per result")
    .option("--quiet", "no progress on stderr")
    .option("--verbose", "tell more, and show the stack of a fault")
    .option("--offline", "refuse every use of the network")
    .option("--read-only", "open the library without writing to it");
}

/** Reads the common options of a command that runs. */
export function readCommonOptions(command: Command): CommonOptions {
  const options = commonOptionsSchema.parse(command.optsWithGlobals());
  return {
    libraryPath: options.library === undefined ? null : resolve(options.library),
    device: options.device === "auto" ? null : options.device,
    threads: options.threads ?? null,
    isJson: options.json || options.jsonl,
    isJsonLines: options.jsonl,
    isQuiet: options.quiet,
    isVerbose: options.verbose,
    isOffline: options.offline,
    isReadOnly: options.readOnly,
  };
}

/** Parser of a path. A variable that was not set must not mean the current folder. */
export function parsePath(option: string): (text: string) => string {
  return (text) => {
    if (text === "") throw appError("usage/invalid", `${option} is empty.`, { hint: "Give a path." });
    return text;
  };
}

/** Parser of a whole number of at least `minimum`. */
export function parseCount(option: string, minimum = 1): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < minimum) {
      throw appError("usage/invalid", `${option} must be a whole number of at least ${minimum}, not "${text}".`);
    }
    return value;
  };
}

/** Parser of a finite number. */
export function parseNumber(option: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isFinite(value)) throw appError("usage/invalid", `${option} must be a number, not "${text}".`);
    return value;
  };
}

/** Parser of numbers with commas between them; `count` says how many there must be. */
export function parseNumbers(option: string, count?: number): (text: string) => readonly number[] {
  const parse = parseNumber(option);
  return (text) => {
    const values = text.split(",").map(parse);
    if (count !== undefined && values.length !== count)
      throw appError("usage/invalid", `${option} takes ${count} numbers with commas between them, not "${text}".`);
    return values;
  };
}

/** Parser of whole numbers from 0 on with commas between them. */
export function parseCounts(option: string): (text: string) => readonly number[] {
  return (text) => text.split(",").map(parseCount(option, 0));
}

/** Makes an option repeatable: every use adds one value. */
export function repeatable<T>(parse: (text: string) => T): (text: string, earlier: readonly T[] | undefined) => readonly T[] {
  return (text, earlier) => [...(earlier ?? []), parse(text)];
}

/** Turns X,Y,W,H in pixels of a picture into fractions of it; throws when the box leaves the picture. */
export function cropOf(pixels: readonly number[], size: { readonly width: number; readonly height: number }): Crop {
  const [x = 0, y = 0, width = 0, height = 0] = pixels;
  const isInside = x >= 0 && y >= 0 && width > 0 && height > 0 && x + width <= size.width && y + height <= size.height;
  if (!isInside) {
    throw appError(
      "usage/invalid",
      `The crop ${pixels.join(",")} does not lie within the picture of ${size.width} x ${size.height} pixels.`,
      {
        hint: "Give X,Y,W,H in pixels from the top left.",
      },
    );
  }
  return { x: x / size.width, y: y / size.height, width: width / size.width, height: height / size.height };
}
