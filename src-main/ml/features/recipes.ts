/**
 * @file How published feature extractors bring a picture before the U-Net: pixel range, noise, timestep, and what the network is told beside it.
 * Source: Darkbblue/generic-diffusion-feature (activations), JonasLoos/sdhelper (positions), CompVis/cleandift (cleandift).
 */
import { noiseLevelOfStep, noiseLevelOfTimestep, type NoiseLevel, type NoiseSchedule } from "../models/stable-diffusion/schedule";
import type { Enlargement } from "./diffusion/map-arithmetic";

const { fround } = Math;

export const tapRecipeNames = ["activations", "positions", "cleandift"] as const;
export type TapRecipeName = (typeof tapRecipeNames)[number];

/** The conventions of one extractor. All of them squash with a bicubic filter, show the prompt's row alone, and start from a sample of the posterior. */
export interface TapRecipe {
  readonly name: TapRecipeName;
  readonly timestep: number;
  /** Seed when none is given; null takes the mean of the posterior. */
  readonly seed: number | null;
  /** Lowest pixel value the autoencoder is shown; the highest is 1. */
  readonly darkest: -1 | 0;
  /** Whether a picture is resized with its transparency, before that is dropped. */
  readonly resizesAlpha: boolean;
  /** Whether noise is drawn number by number, all channels of a pixel together: what PyTorch does where the latent lies in memory that way. */
  readonly drawsByPixel: boolean;
  /** Whether SDXL is told the pooled prompt and the size of the picture. */
  readonly tellsSize: boolean;
  readonly enlargement: Enlargement;
  /** Words of a prompt at most; longer ones the published code reads in another way. */
  readonly longestPrompt: number;
  /** What a timestep means. Throws step/out-of-range. */
  noiseLevel(schedule: NoiseSchedule, timestep: number): NoiseLevel;
}

export const tapRecipes: Readonly<Record<TapRecipeName, TapRecipe>> = {
  activations: {
    name: "activations",
    timestep: 50,
    seed: 42,
    darkest: -1,
    resizesAlpha: true,
    drawsByPixel: false,
    tellsSize: true,
    enlargement: "nearest",
    longestPrompt: 70,
    noiseLevel: noiseLevelFromEnd,
  },
  positions: {
    name: "positions",
    timestep: 50,
    seed: 42,
    darkest: 0,
    resizesAlpha: false,
    drawsByPixel: true,
    tellsSize: false,
    enlargement: "repeat",
    longestPrompt: Infinity,
    noiseLevel: noiseLevelScaledTwice,
  },
  cleandift: {
    name: "cleandift",
    timestep: 261,
    seed: null,
    darkest: -1,
    resizesAlpha: false,
    drawsByPixel: false,
    tellsSize: true,
    enlargement: "nearest",
    longestPrompt: Infinity,
    noiseLevel: (_, timestep) => ({ timestep, signal: 1, noise: 0, divisor: 1 }),
  },
};

/** The entry `timestep` before the end of the checkpoint's own list of 1000 steps, which is another timestep on some schedulers (51 for 50 with PNDM). */
function noiseLevelFromEnd(schedule: NoiseSchedule, timestep: number): NoiseLevel {
  // Written as the published code computes it, with its rounding.
  return noiseLevelOfStep(schedule, 1000 - Math.trunc(1000 * (timestep / 1000)));
}

/** Noise by the training schedule; schedulers of the Euler kind then divide once more, though the latent already has the scale the network wants. */
function noiseLevelScaledTwice(schedule: NoiseSchedule, timestep: number): NoiseLevel {
  const level = noiseLevelOfTimestep(schedule, timestep);
  if (!schedule.config.schedulerClass.startsWith("Euler")) return level;
  const share = schedule.alphasCumprod[timestep] ?? 1;
  const sigma = fround(Math.sqrt(fround(fround(1 - share) / share)));
  return { ...level, divisor: fround(Math.sqrt(fround(fround(sigma * sigma) + 1))) };
}
