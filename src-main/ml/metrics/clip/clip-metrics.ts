/** @file The metrics a CLIP checkpoint enables. */
import { alignedAttentionMetric } from "../vision/aligned-attention-metric";
import { embeddingMetric } from "../vision/embedding-metric";
import { tokenCosineMetric } from "../vision/token-cosine-metric";
import { openClipNetwork } from "./network";

/** AAS of a layer's self-attention, the output projection included (quirk C2). */
export const clipAas = alignedAttentionMetric({ name: "clip-aas", family: "clip", vote: null }, openClipNetwork);

/** Cosine of the projected image embeddings; the voter CLIP of the published ensemble. */
export const clipI = embeddingMetric({ name: "clip-i", family: "clip", vote: "clip" }, openClipNetwork);

/** Cosine of all output tokens of a layer. */
export const clipFeatures = tokenCosineMetric({
  row: { name: "clip-features", family: "clip", vote: null },
  open: openClipNetwork,
  tokens: "hidden-states",
});
