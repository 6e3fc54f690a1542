/** @file The options of a comparison: as flags, and as camelCase fields of a line of a pairs file. One schema checks both. */
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { z } from "zod";
import { appError } from "#shared/domain/app-error";
import { precisionSchema, scoringModeSchema, similarityMeasureSchema } from "#shared/domain/feature-recipe";
import { comparableNames } from "../../../engine/metric-names";
import { misfit } from "#shared/lib/misfit";
import type { CompanionPaths } from "../../../engine/inference/inference-service";
import { unheededOptions } from "../../../engine/services/unheeded-options";
import type { FilePair } from "../../../engine/services/pair-comparison";
import type { Output } from "../output/output";
import { parseCount, parseCounts } from "../common-options";

const wholeNumber = z.number().int().nonnegative();
const pixelCrop = z.tuple([wholeNumber, wholeNumber, wholeNumber, wholeNumber]);
const blocks = ["down_blocks", "mid_block", "up_blocks"] as const;

/** Every option of a comparison but the pictures. */
const compareOptionsSchema = z
  .object({
    metric: z.enum(comparableNames),
    checkpoint: z.string(),
    ipAdapter: z.string(),
    imageEncoder: z.string(),
    weights: z.string(),
    vae: z.string(),
    block: z.enum(blocks),
    layer: z.union([wholeNumber.transform((layer) => [layer]), z.array(wholeNumber).min(1)]),
    tap: z.string(),
    step: z.number().int(),
    timestep: wholeNumber,
    size: z.number().int().positive(),
    seed: wholeNumber,
    noiseSeeds: z.array(wholeNumber).min(1),
    flip: z.boolean(),
    prompt: z.string(),
    negativePrompt: z.string(),
    similarity: similarityMeasureSchema,
    cropA: pixelCrop,
    cropB: pixelCrop,
    maskA: z.string(),
    maskB: z.string(),
    foreground: z.boolean(),
    mode: scoringModeSchema,
    precision: precisionSchema,
    saveTensors: z.string(),
  })
  .partial();
export type CompareFlags = z.infer<typeof compareOptionsSchema>;

const pairLineSchema = compareOptionsSchema.extend({ a: z.string(), b: z.string() }).strict();

/** Declares the options that decide the numbers, shared by `compare` and `features`. */
export function addModelOptions(command: Command): Command {
  return command
    .option("--checkpoint <path>", "a model folder, a .safetensors file, or the name of a model of the library")
    .option("--ip-adapter <file>", "weights of an IP-Adapter")
    .option("--image-encoder <path>", "the CLIP image encoder of the IP-Adapter")
    .option("--weights <file>", "weights beside the model: a drop-in U-Net, the linear layers of LPIPS")
    .option("--vae <path>", "another autoencoder instead of the model's own: a folder, or taesd_encoder.safetensors")
    .addOption(new Option("--block <name>", "block of the U-Net").choices(blocks))
    .option(
      "--layer <n[,n,n]>",
      "layer within the block, or of the encoder; on SDXL block, attention, transformer block",
      parseCounts("--layer"),
    )
    .option("--step <index>", "index of the noise step, as DiffSim counts", parseCount("--step", -1_000_000))
    .option("--timestep <t>", "the timestep itself", parseCount("--timestep", 0))
    .option("--size <px>", "side of the picture as the model sees it", parseCount("--size"))
    .option("--seed <n>", "seed of the noise", parseCount("--seed", 0))
    .option("--noise-seeds <n,n,...>", "mean over these seeds", parseCounts("--noise-seeds"))
    .option("--flip", "mean over the picture and its mirror image")
    .option("--prompt <text>", "text the model is shown")
    .option("--negative-prompt <text>", "text of the guidance row")
    .addOption(
      new Option(
        "--mode <name>",
        "published: with the quirks of the released code (default of compare, and of --recipe); corrected: without them (default elsewhere)",
      ).choices(scoringModeSchema.options),
    )
    .addOption(new Option("--precision <name>", "arithmetic of the model (default: float32)").choices(precisionSchema.options));
}

/** Checks flags as commander parsed them. */
export function readCompareFlags(flags: unknown): CompareFlags {
  return parsed(compareOptionsSchema, flags, "The options");
}

/** Reads one line of a pairs file; `name` says which, for the error. */
export function readPairLine(line: string, name: string): CompareFlags & { readonly a: string; readonly b: string } {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw appError("usage/invalid", `${name} is not JSON.`, {
      hint: 'Write one object a line, for example {"a": "x.png", "b": "y.png"}.',
      cause,
    });
  }
  return parsed(pairLineSchema, value, name);
}

function parsed<T>(schema: z.ZodType<T>, value: unknown, name: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw appError("usage/invalid", `${name} cannot be used: ${misfit(result.error)}.`, {
    hint: "`semblance help compare` lists the options.",
  });
}

/** A pair ready to be compared. Starter-style is compared where no metric is named. */
export function filePair(pictures: { readonly a: string; readonly b: string }, flags: CompareFlags, libraryPath: string | null): FilePair {
  const {
    metric = "starter-style",
    checkpoint = null,
    cropA = null,
    cropB = null,
    maskA,
    maskB,
    foreground = false,
    saveTensors = null,
    ipAdapter,
    imageEncoder,
    weights,
    vae,
    ...rest
  } = flags;
  const names = [
    "block",
    "layer",
    "tap",
    "step",
    "timestep",
    "size",
    "seed",
    "noiseSeeds",
    "flip",
    "prompt",
    "negativePrompt",
    "similarity",
    "mode",
    "precision",
  ] as const;
  const options = Object.fromEntries(names.flatMap((name) => (rest[name] === undefined ? [] : [[name, rest[name]]])));
  const companions = definedPaths({ ipAdapter, imageEncoder, weights, vae });
  const masks = { maskA: maskA === undefined ? null : resolve(maskA), maskB: maskB === undefined ? null : resolve(maskB) };
  return {
    ...pictures,
    metric,
    checkpoint,
    companions,
    libraryPath,
    cropA,
    cropB,
    ...masks,
    isForeground: foreground,
    saveTensors,
    options,
  };
}

function definedPaths(paths: Readonly<Record<keyof CompanionPaths, string | undefined>>): CompanionPaths {
  return Object.fromEntries(Object.entries(paths).flatMap(([role, path]) => (path === undefined ? [] : [[role, resolve(path)]])));
}

/** Tells which of the given options a metric has no use for; each combination once. */
export function noteUnheeded(output: Output, pairs: readonly Pick<FilePair, "metric" | "options">[]): void {
  const notes = pairs.flatMap(({ metric, options }) => {
    const flags = unheededOptions(metric, options).map((name) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
    return flags.length === 0 ? [] : [`${metric} has no use for ${flags.join(", ")}.`];
  });
  for (const note of new Set(notes)) output.note(note);
}
