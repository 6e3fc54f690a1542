/** @file Everything that decides a DiffSim-DiT score, with the options of a person filled up by defaults. */
import { appError } from "#shared/domain/app-error";
import type { FeatureRecipe, ScoringMode, SimilarityMeasure } from "#shared/domain/feature-recipe";
import type { DitConfig } from "../../models/dit/config";
import { respacedTimesteps, TRAINED_TIMESTEPS } from "../../models/dit/timestep-map";
import type { ModelFolder } from "../../models/model-folder";
import { createNoiseSchedule, noiseLevelOfTimestep, type NoiseLevel } from "../../models/stable-diffusion/schedule";
import { parseSchedulerConfig } from "../../models/stable-diffusion/scheduler-config";
import type { CompareOptions } from "../metric";

/** Bump when the numbers of unchanged inputs change. */
const recipeVersion = 1;

const defaults = { seed: 2333, size: 256, timestep: { published: 600, corrected: 101 } } as const;

/** The class whose features the published code compares beside those of no class: a goldfish. */
const publishedClass = 1;

/** Steps that the published code can run: below, its respaced schedule has no entry for them, above, its noise has none. */
const publishedSteps = { first: 501, last: 999 } as const;

/** The published code noises with the scheduler of Stable Diffusion 1.5, though a DiT is trained with linear betas; the corrected mode uses those. */
const schedulers = {
  published: { _class_name: "DDIMScheduler", beta_schedule: "scaled_linear", beta_start: 0.00085, beta_end: 0.012 },
  corrected: { _class_name: "DDIMScheduler", beta_schedule: "linear", beta_start: 0.0001, beta_end: 0.02 },
} as const;

/** The autoencoder halves a picture three times. */
const pixelsPerLatent = 8;
const largestSize = 1024;

export interface DitSettings {
  readonly mode: ScoringMode;
  readonly similarity: SimilarityMeasure;
  /** Module path of the tapped attention. */
  readonly tap: string;
  readonly noiseLevel: NoiseLevel;
  readonly initialScale: 1;
  /** The timestep the network is told; in the published mode another than that of the noise. */
  readonly modelTimestep: number;
  /** The network sees the latent once with each, and all rows are compared as one. The corrected mode shows it without a class only. */
  readonly classLabels: readonly number[];
  readonly size: number;
  /** One score is computed for each, and their mean is the score. */
  readonly seeds: readonly number[];
}

/** Resolves the options. Throws tap/unknown, step/out-of-range, usage/invalid. */
export function ditSettings(config: DitConfig, options: CompareOptions): DitSettings {
  const mode = options.mode ?? "published";
  if (options.precision === "float16")
    throw invalid("diffsim-dit computes in float32; weights stored as float16 are read as they are.", "Leave --precision out.");
  const seeds = options.noiseSeeds ?? [options.seed ?? defaults.seed];
  if (seeds.length === 0) throw invalid("There is no seed in an empty list.", "Seeds are whole numbers.");
  const timestep = chosenTimestep(mode, options);
  return {
    mode,
    similarity: options.similarity ?? "cosine",
    tap: `blocks.${chosenBlock(config, options)}.attn`,
    noiseLevel: noiseLevelOfTimestep(createNoiseSchedule(parseSchedulerConfig(schedulers[mode])), timestep),
    initialScale: 1,
    modelTimestep: mode === "published" ? publishedModelTimestep(timestep) : timestep,
    classLabels: mode === "published" ? [publishedClass, config.numClasses] : [config.numClasses],
    size: checkedSize(config, options.size ?? (config.inputSize === null ? defaults.size : config.inputSize * pixelsPerLatent)),
    seeds,
  };
}

/** The recipe of features and scores under `settings`. The weights of the autoencoder count too. */
export async function ditRecipe(model: ModelFolder, settings: DitSettings): Promise<FeatureRecipe> {
  const { noiseLevel, seeds } = settings;
  return {
    metric: "diffsim-dit",
    family: "dit",
    modelSha256: model.sha256,
    mode: settings.mode,
    precision: "float32",
    tap: settings.tap,
    imageSize: settings.size,
    parameters: {
      timestep: noiseLevel.timestep,
      signal: noiseLevel.signal,
      modelTimestep: settings.modelTimestep,
      classLabels: settings.classLabels.join(","),
      seed: seeds.length === 1 ? (seeds[0] ?? null) : seeds.join(","),
      vaeSha256: await model.part("vae").sha256(),
    },
    version: recipeVersion,
  };
}

/**
 * The timestep the published code tells the network when the noise is that of `step`: an entry of the schedule respaced to `step` steps, counted
 * from 1000 - step. So the two agree nowhere but near 618. Throws step/out-of-range outside 501 to 999.
 */
export function publishedModelTimestep(step: number): number {
  const timestep =
    step >= publishedSteps.first && step <= publishedSteps.last ? respacedTimesteps(step)[TRAINED_TIMESTEPS - step] : undefined;
  if (timestep !== undefined) return timestep;
  throw appError("step/out-of-range", `The published DiffSim-DiT cannot run step ${step}.`, {
    hint: `Choose a step from ${publishedSteps.first} (least noise) to ${publishedSteps.last}; --mode corrected takes any timestep.`,
  });
}

/** A step of the published code is a timestep already, so both options mean the same. */
function chosenTimestep(mode: ScoringMode, { step, timestep }: CompareOptions): number {
  if (step !== undefined && timestep !== undefined)
    throw invalid("A step and a timestep were given.", "Give one of --step and --timestep.");
  return timestep ?? step ?? defaults.timestep[mode];
}

function chosenBlock({ depth }: DitConfig, { tap, layer }: CompareOptions): number {
  const named = tap === undefined ? undefined : /^blocks\.(\d+)\.attn$/.exec(tap)?.[1];
  const [block = Math.floor(depth / 2), ...more] = named === undefined ? (layer ?? []) : [Number(named)];
  const isThere = Number.isInteger(block) && block >= 0 && block < depth && more.length === 0;
  if (isThere && (tap === undefined || named !== undefined)) return block;
  throw appError("tap/unknown", `This DiT has no attention ${tap ?? [block, ...more].join(",")}.`, {
    hint: `Give the block with --layer, from 0 to ${depth - 1}, or --tap blocks.0.attn to blocks.${depth - 1}.attn.`,
  });
}

function checkedSize({ patchSize }: DitConfig, size: number): number {
  const unit = pixelsPerLatent * patchSize;
  if (Number.isInteger(size) && size >= unit && size <= largestSize && size % unit === 0) return size;
  throw invalid(`A picture size of ${size} is not possible.`, `Give a multiple of ${unit} pixels, up to ${largestSize}.`);
}

function invalid(message: string, hint: string): Error {
  return appError("usage/invalid", message, { hint });
}
