/**
 * @file The metric diffsim-dit: how alike two pictures are to the self-attention of a diffusion transformer.
 * Source: Song et al., "DiffSim: Taming Diffusion Models for Evaluating Visual Similarity", ICCV 2025.
 */
import type { MetricDefinition } from "../metric";
import { compareDit } from "./compare";
import { createDitExtractor } from "./extractor";
import { noiseOptions } from "../diffsim/heeded-options";

export const diffsimDit: MetricDefinition = {
  name: "diffsim-dit",
  title: "DiffSim-DiT",
  hint: "Aligned self-attention of a diffusion transformer.",
  modelWords: "DiT",
  question: "style",
  heeds: noiseOptions,
  families: ["dit"],
  direction: "similarity",
  vote: null,
  hasTokens: true,
  ranksByTokens: true,
  comparePair: compareDit,
  createExtractor: createDitExtractor,
};
