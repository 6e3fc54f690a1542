/** @file The metrics a DINOv2 checkpoint enables. */
import { alignedAttentionMetric } from "../vision/aligned-attention-metric";
import { embeddingMetric } from "../vision/embedding-metric";
import { tokenCosineMetric } from "../vision/token-cosine-metric";
import { openDinov2Network } from "./network";

/** AAS of a layer's self-attention without the output projection (quirk D2). */
export const dinov2Aas = alignedAttentionMetric({ name: "dinov2-aas", family: "dinov2", vote: null }, openDinov2Network);

/** Cosine of the class tokens after the final norm; the voter DINO of the published ensemble. */
export const dinov2Cls = embeddingMetric({ name: "dinov2-cls", family: "dinov2", vote: "dino" }, openDinov2Network);

/** Cosine of all attention outputs of a layer, before the projection (quirk D3). */
export const dinov2Features = tokenCosineMetric({
  row: { name: "dinov2-features", family: "dinov2", vote: null },
  open: openDinov2Network,
  tokens: "attention-output",
});
