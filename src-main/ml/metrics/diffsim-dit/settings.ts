/** @file Everything that decides a DiffSim-DiT score, with the options of a person filled up by defaults. */
import { appError } from "#shared/domain/app-error";
import type { FeatureRecipe } from "#shared/domain/feature-recipe";
import type { DitConfig } from "../../models/dit/config";
import { respacedTimesteps, TRAINED_TIMESTEPS } from "../../models/dit/timestep-map";
import type { ModelFolder } from "../../models/model-folder";
import { createNoiseSchedule, noiseLevelOfTimestep } from "../../models/stable-diffusion/schedule";
import { parseSchedulerConfig } from "../../models/stable-diffusion/scheduler-config";
import { commonRecipe, commonSettings, type CommonSettings } from "../diffsim/common-settings";
import type { CompareOptions } from "../metric";

/** Bump when the numbers of unchanged inputs change. */
const recipeVersion = 1;

const defaults = { size: 256, timestep: { published: 600, corrected: 101 } } as const;

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

export interface DitSettings extends CommonSettings {
  /** The timestep the network is told; in the published mode another than that of the noise. */
  readonly modelTimestep: number;
  /** The network sees the latent once with each, and all rows are compared as one. The corrected mode shows it without a class only. */
  readonly classLabels: readonly number[];
}

/** Resolves the options. Throws tap/unknown, step/out-of-range, usage/invalid. */
export function ditSettings(config: DitConfig, options: CompareOptions): DitSettings {
  const common = commonSettings("diffsim-dit", options);
  const { mode } = common;
  const timestep = options.timestep ?? options.step ?? defaults.timestep[mode]; // a step of the published code is a timestep already
  return {
    ...common,
    tap: `blocks.${chosenBlock(config, options)}.attn`,
    noiseLevel: noiseLevelOfTimestep(createNoiseSchedule(parseSchedulerConfig(schedulers[mode])), timestep),
    initialScale: 1,
    modelTimestep: mode === "published" ? publishedModelTimestep(timestep) : timestep,
    classLabels: mode === "published" ? [publishedClass, config.numClasses] : [config.numClasses],
    size: checkedSize(config, options.size ?? (config.inputSize === null ? defaults.size : config.inputSize * pixelsPerLatent)),
  };
}

/** The recipe of features and scores under `settings`. */
export async function ditRecipe(model: ModelFolder, settings: DitSettings): Promise<FeatureRecipe> {
  const { modelTimestep, classLabels } = settings;
  return { ...(await commonRecipe(model, settings, { modelTimestep, classLabels: classLabels.join(",") })), version: recipeVersion };
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
