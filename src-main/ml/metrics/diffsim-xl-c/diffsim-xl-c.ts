/**
 * @file The metric diffsim-xl-c: how alike two pictures are to the attentions by which the U-Net of Stable Diffusion XL looks at an IP-Adapter's image.
 * Source: Song et al., "DiffSim: Taming Diffusion Models for Evaluating Visual Similarity", ICCV 2025; Ye et al., "IP-Adapter", 2023.
 */
import { diffsimXlAxes } from "../diffsim-xl/axes";
import { compareDiffsim } from "../diffsim/compare";
import { createDiffsimExtractor } from "../diffsim/extractor";
import type { MetricDefinition } from "../metric";
import { diffsimXlCVariant } from "./variant";
import { unetOptions } from "../diffsim/heeded-options";

export const diffsimXlC: MetricDefinition = {
  name: "diffsim-xl-c",
  title: "DiffSim-XL-C",
  hint: "Aligned attention of Stable Diffusion XL to an IP-Adapter's image.",
  modelWords: "SDXL",
  question: "instance",
  heeds: unetOptions,
  families: ["stable-diffusion-xl"],
  direction: "similarity",
  vote: null,
  hasTokens: true,
  ranksByTokens: true,
  needs: ["ipAdapter", "imageEncoder"],
  settings: diffsimXlAxes,
  comparePair: compareDiffsim(diffsimXlCVariant),
  createExtractor: createDiffsimExtractor(diffsimXlCVariant),
};
