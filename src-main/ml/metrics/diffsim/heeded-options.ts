/** @file The options of metrics that show noised latents to a diffusion model. */
import type { MetricOption } from "../metric";

/** What any diffusion model can be told. */
export const noiseOptions = [
  "tap",
  "layer",
  "step",
  "timestep",
  "size",
  "seed",
  "noiseSeeds",
  "flip",
] as const satisfies readonly MetricOption[];

/** What a U-Net with a text encoder can be told besides. */
export const unetOptions = [...noiseOptions, "block", "prompt", "negativePrompt"] as const satisfies readonly MetricOption[];
