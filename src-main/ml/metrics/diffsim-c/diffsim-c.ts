/**
 * @file The metric diffsim-c: how alike two pictures are to the attentions by which a Stable Diffusion U-Net looks at an IP-Adapter's image.
 * Source: Song et al., "DiffSim: Taming Diffusion Models for Evaluating Visual Similarity", ICCV 2025; Ye et al., "IP-Adapter", 2023.
 */
import { diffsimAxes } from "../diffsim/axes";
import { compareDiffsim } from "../diffsim/compare";
import { createDiffsimExtractor } from "../diffsim/extractor";
import type { MetricDefinition } from "../metric";
import { diffsimCVariant } from "./variant";
import { unetOptions } from "../diffsim/heeded-options";

export const diffsimC: MetricDefinition = {
  name: "diffsim-c",
  title: "DiffSim-C",
  hint: "Aligned attention of Stable Diffusion to an IP-Adapter's image.",
  modelWords: "SD 1.x or 2.x",
  question: "instance",
  heeds: unetOptions,
  families: ["stable-diffusion"],
  direction: "similarity",
  vote: null,
  hasTokens: true,
  ranksByTokens: true,
  needs: ["ipAdapter", "imageEncoder"],
  settings: diffsimAxes,
  comparePair: compareDiffsim(diffsimCVariant),
  createExtractor: createDiffsimExtractor(diffsimCVariant),
};
