/** @file The metrics a DINOv2 checkpoint enables. Preferences follow the published accuracy on instance sets (DiffSim, table 1). */
import { dinov2Layers } from "../../models/dinov2/dinov2";
import { alignedAttentionMetric } from "../vision/aligned-attention-metric";
import { embeddingMetric } from "../vision/embedding-metric";
import { layerAxes } from "../vision/metric-row";
import { tokenCosineMetric } from "../vision/token-cosine-metric";
import { openDinov2Network } from "./network";

/** AAS of a layer's self-attention without the output projection (quirk D2). */
export const dinov2Aas = alignedAttentionMetric(
  {
    name: "dinov2-aas",
    title: "DINOv2 AAS",
    hint: "Aligned attention of DINOv2.",
    modelWords: "DINOv2",
    question: "style",
    families: ["dinov2"],
    vote: null,
    preference: { style: 2 },
    settings: (model) => layerAxes(dinov2Layers(model)),
  },
  openDinov2Network,
);

/** Cosine of the class tokens after the final norm; the voter DINO of the published ensemble. */
export const dinov2Cls = embeddingMetric(
  {
    name: "dinov2-cls",
    title: "DINOv2 class token",
    hint: "Cosine of DINOv2's class tokens.",
    modelWords: "DINOv2",
    question: "instance",
    families: ["dinov2"],
    vote: "dino",
    preference: { instance: 1, semantic: 2 },
  },
  openDinov2Network,
);

/** Cosine of all attention outputs of a layer, before the projection (quirk D3). */
export const dinov2Features = tokenCosineMetric({
  row: {
    name: "dinov2-features",
    title: "DINOv2 features",
    hint: "Mean cosine of DINOv2's patch features.",
    modelWords: "DINOv2",
    question: "instance",
    families: ["dinov2"],
    vote: null,
  },
  open: openDinov2Network,
  tokens: "attention-output",
});
