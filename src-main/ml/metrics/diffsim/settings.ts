/** @file Everything that decides a DiffSim score, with the options of a person filled up by the published defaults. */
import { appError } from "#shared/domain/app-error";
import type { FeatureRecipe } from "#shared/domain/feature-recipe";
import { dottedPath } from "../../features/tap-names/module-path";
import type { ModelFolder } from "../../models/model-folder";
import { noiseLevelOfStep, noiseLevelOfTimestep, timestepOfStep, type NoiseSchedule } from "../../models/stable-diffusion/schedule";
import type { StableDiffusion } from "../../models/stable-diffusion/stable-diffusion";
import type { CompareOptions } from "../metric";
import { commonRecipe, commonSettings, type CommonSettings } from "./common-settings";
import { variantOf, type DiffsimVariant } from "./variant";

/** Bump when the numbers of unchanged inputs change. */
const recipeVersion = 1;

/** The style preset of the published scripts. */
const defaults = {
  block: "up_blocks",
  step: 900,
  size: 512,
  prompt: "High quality image",
} as const;

/** The autoencoder halves a picture three times, the U-Net needs something left to halve. */
const smallestSize = 16;
const largestSize = 2048;

export interface DiffsimSettings extends CommonSettings {
  readonly prompt: string;
  /** `null`: none was given, and the model wants zeros for that. */
  readonly negativePrompt: string | null;
  /**
   * Whether the network sees each latent twice, with the negative prompt and with the prompt, and both rows are compared as one.
   * The published code does. The corrected mode keeps the prompt's row alone, which halves the work.
   */
  readonly hasNegativeRow: boolean;
}

/** Resolves the options for the DiffSim of the model. Throws tap/unknown, step/out-of-range, usage/invalid. */
export function diffsimSettings(
  networks: StableDiffusion,
  options: CompareOptions,
  variant: DiffsimVariant = variantOf(networks),
): DiffsimSettings {
  const { unet, schedule, forceZerosForEmptyPrompt } = networks;
  const common = commonSettings(variant.metric, options);
  const { mode } = common;
  if (variant.attention === "attn2" && options.similarity === "mse" && mode === "published")
    throw invalid(
      "The published code knows no mean squared error of what is found in an image.",
      "Use --similarity cosine, or the corrected mode (--mode corrected).",
    );
  return {
    ...common,
    tap:
      options.tap === undefined
        ? variant.attentionPath(unet.config, options.block ?? defaults.block, options.layer).replace(/attn1$/, variant.attention)
        : comparedAttention(dottedPath(options.tap), variant),
    ...chosenNoise(schedule, variant.timestep, { ...options, mode }),
    size: checkedSize(options.size ?? defaults.size),
    prompt: options.prompt ?? defaults.prompt,
    negativePrompt: options.negativePrompt ?? (forceZerosForEmptyPrompt ? null : ""),
    hasNegativeRow: mode === "published",
  };
}

/**
 * The recipe of features and scores under `settings`. The weights of all networks count: the U-Net's are the model's, the others are parameters, and so is
 * what else a variant has.
 */
export async function diffsimRecipe(
  model: ModelFolder,
  settings: DiffsimSettings,
  others: FeatureRecipe["parameters"] = {},
): Promise<FeatureRecipe> {
  const sha256 = async (part: string) => model.part(part).sha256();
  const towers = model.family === "stable-diffusion-xl" ? { textEncoder2Sha256: await sha256("text_encoder_2") } : {};
  const common = await commonRecipe(model, settings, {
    prompt: settings.prompt,
    negativePrompt: settings.hasNegativeRow ? settings.negativePrompt : null,
    textEncoderSha256: await sha256("text_encoder"),
    ...towers,
    ...others,
  });
  return { ...common, version: recipeVersion };
}

/** An attention to the text has the same keys for every picture, so comparing by it says nothing; only there an IP-Adapter shows its image. */
function comparedAttention(tap: string, { attention, metric }: DiffsimVariant): string {
  if (attention === "attn1" && tap.endsWith(".attn2"))
    throw invalid(
      `${tap} attends to the prompt, which is the same for both pictures.`,
      `Take the self-attention beside it, ${tap.replace(/2$/, "1")}.`,
    );
  if (attention === "attn2" && tap.endsWith(".attn1"))
    throw invalid(
      `${tap} does not see the image of the IP-Adapter, by which ${metric} compares.`,
      `Take the attention beside it, ${tap.replace(/1$/, "2")}.`,
    );
  return tap;
}

/**
 * The published mode noises as the checkpoint's own scheduler does at a step; a timestep there means the step that visits it.
 * The corrected mode mixes picture and noise by the training schedule at a timestep, whatever the scheduler.
 */
function chosenNoise(
  schedule: NoiseSchedule,
  usualTimestep: number,
  options: CompareOptions,
): Pick<DiffsimSettings, "noiseLevel" | "initialScale"> {
  if (options.mode === "corrected") {
    const timestep =
      options.step === undefined ? (options.timestep ?? usualTimestep) : timestepOfStep(schedule, fromStart(schedule, options.step));
    return { noiseLevel: noiseLevelOfTimestep(schedule, timestep), initialScale: 1 };
  }
  const step =
    options.timestep === undefined ? fromStart(schedule, options.step ?? defaults.step) : schedule.timesteps.indexOf(options.timestep);
  const noiseLevel =
    options.timestep !== undefined && step < 0 ? noiseLevelOfTimestep(schedule, options.timestep) : noiseLevelOfStep(schedule, step);
  return { noiseLevel, initialScale: schedule.initNoiseSigma };
}

/** A negative step counts from the end of the list, as the published code lets it. */
function fromStart(schedule: NoiseSchedule, step: number): number {
  const { length } = schedule.timesteps;
  return step < 0 && step >= -length ? step + length : step;
}

/** `size`, when a picture of that many pixels a side can be shown to the network. Throws usage/invalid. */
export function checkedSize(size: number): number {
  if (Number.isInteger(size) && size >= smallestSize && size <= largestSize) return size;
  throw invalid(
    `A picture size of ${size} is not possible.`,
    `Give a whole number of pixels from ${smallestSize} to ${largestSize}; 512 is usual.`,
  );
}

function invalid(message: string, hint: string): Error {
  return appError("usage/invalid", message, { hint });
}
