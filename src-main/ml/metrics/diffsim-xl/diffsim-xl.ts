/**
 * @file The metric diffsim-xl: how alike two pictures are to the self-attention of the U-Net of Stable Diffusion XL.
 * Source: Song et al., "DiffSim: Taming Diffusion Models for Evaluating Visual Similarity", ICCV 2025.
 */
import { compareDiffsim } from "../diffsim/compare";
import { createDiffsimExtractor } from "../diffsim/extractor";
import type { MetricDefinition } from "../metric";
import { diffsimXlAxes } from "./axes";
import { diffsimXlVariant } from "./variant";
import { unetOptions } from "../diffsim/heeded-options";

export const diffsimXl: MetricDefinition = {
  name: "diffsim-xl",
  title: "DiffSim-XL",
  hint: "Aligned self-attention of Stable Diffusion XL.",
  modelWords: "SDXL",
  question: "style",
  heeds: unetOptions,
  families: ["stable-diffusion-xl"],
  direction: "similarity",
  vote: "diffsim",
  hasTokens: true,
  ranksByTokens: true,
  preference: { style: 2 },
  settings: diffsimXlAxes,
  comparePair: compareDiffsim(diffsimXlVariant),
  createExtractor: createDiffsimExtractor(diffsimXlVariant),
};
