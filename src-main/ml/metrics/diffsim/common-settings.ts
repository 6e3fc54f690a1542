/** @file What decides a DiffSim score whatever its network is, and how a person's options become it. */
import { appError } from "#shared/domain/app-error";
import type { FeatureRecipe, MetricName, ScoringMode, SimilarityMeasure } from "#shared/domain/feature-recipe";
import type { ModelFolder } from "../../models/model-folder";
import type { NoiseLevel } from "../../models/stable-diffusion/schedule";
import type { CompareOptions } from "../metric";

const defaultSeed = 2333;

export interface CommonSettings {
  readonly metric: MetricName;
  readonly mode: ScoringMode;
  readonly similarity: SimilarityMeasure;
  /** Module path of the tapped attention. */
  readonly tap: string;
  readonly noiseLevel: NoiseLevel;
  /** What clean latents are multiplied by before noise is added. */
  readonly initialScale: number;
  readonly size: number;
  /** One score is computed for each, and their mean is the score. */
  readonly seeds: readonly number[];
  /** Whether the mirror images of both pictures are scored too, and the score is the mean. */
  readonly flip: boolean;
}

/** The settings that need no look at the network. Throws usage/invalid. */
export function commonSettings(
  metric: MetricName,
  options: CompareOptions,
): Pick<CommonSettings, "metric" | "mode" | "similarity" | "seeds" | "flip"> {
  const { mode = "published", similarity = "cosine", flip = false } = options;
  if (options.precision === "float16")
    throw invalid(`${metric} computes in float32; weights stored as float16 are read as they are.`, "Leave --precision out.");
  const seeds = options.noiseSeeds ?? [options.seed ?? defaultSeed];
  const badSeed = seeds.find((seed) => !Number.isSafeInteger(seed));
  if (seeds.length === 0 || badSeed !== undefined) throw invalid(`${badSeed ?? "An empty list"} is no seed.`, "Seeds are whole numbers.");
  if (flip && mode === "published")
    throw invalid("The published code does not look at mirror images.", "Leave --flip out, or use the corrected mode (--mode corrected).");
  if (options.step !== undefined && options.timestep !== undefined)
    throw invalid("A step and a timestep were given.", "Give one of --step and --timestep.");
  return { metric, mode, similarity, seeds, flip };
}

/** The recipe under `settings`; `parameters` are those that one network has beyond what all have. The weights of the autoencoder count as well as the model's. */
export async function commonRecipe(
  model: ModelFolder,
  settings: CommonSettings,
  parameters: FeatureRecipe["parameters"],
): Promise<Omit<FeatureRecipe, "version">> {
  const { metric, mode, tap, size, noiseLevel, seeds, flip } = settings;
  return {
    metric,
    family: model.family,
    modelSha256: model.sha256,
    mode,
    precision: "float32",
    tap,
    imageSize: size,
    parameters: {
      timestep: noiseLevel.timestep,
      signal: noiseLevel.signal,
      seed: seeds.length === 1 ? (seeds[0] ?? null) : seeds.join(","),
      vaeSha256: await model.part("vae").sha256(),
      ...(flip ? { flip: true } : {}),
      ...parameters,
    },
  };
}

/** Whether the pictures are looked at as they are, and then, if that was asked for, in a mirror. */
export function mirrorings({ flip }: Pick<CommonSettings, "flip">): readonly boolean[] {
  return flip ? [false, true] : [false];
}

function invalid(message: string, hint: string): Error {
  return appError("usage/invalid", message, { hint });
}
