/**
 * @file The metric diffsim-s: how alike two pictures are to the self-attention of a Stable Diffusion U-Net.
 * Source: Song et al., "DiffSim: Taming Diffusion Models for Evaluating Visual Similarity", ICCV 2025.
 */
import type { MetricDefinition } from "../metric";
import { compareDiffsim } from "./compare";
import { diffsimAxes } from "./axes";
import { diffsimSVariant } from "./diffsim-s-variant";
import { createDiffsimExtractor } from "./extractor";
import { unetOptions } from "./heeded-options";

export const diffsim: MetricDefinition = {
  name: "diffsim-s",
  title: "DiffSim-S",
  hint: "Aligned self-attention of Stable Diffusion.",
  modelWords: "SD 1.x or 2.x",
  question: "style",
  heeds: unetOptions,
  families: ["stable-diffusion"],
  direction: "similarity",
  vote: "diffsim",
  hasTokens: true,
  ranksByTokens: true,
  preference: { style: 1 },
  settings: diffsimAxes,
  comparePair: compareDiffsim(diffsimSVariant),
  createExtractor: createDiffsimExtractor(diffsimSVariant),
};
