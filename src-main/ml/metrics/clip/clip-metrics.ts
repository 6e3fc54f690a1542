/** @file The metrics a CLIP checkpoint enables. */
import { parseClipVisionConfig } from "../../models/clip/config";
import { alignedAttentionMetric } from "../vision/aligned-attention-metric";
import { embeddingMetric } from "../vision/embedding-metric";
import { layerAxes } from "../vision/metric-row";
import { tokenCosineMetric } from "../vision/token-cosine-metric";
import { openClipNetwork } from "./network";

/** AAS of a layer's self-attention, the output projection included (quirk C2). */
export const clipAas = alignedAttentionMetric(
  {
    name: "clip-aas",
    title: "CLIP AAS",
    hint: "Aligned attention of CLIP's image tower.",
    modelWords: "CLIP",
    question: "style",
    families: ["clip"],
    vote: null,
    preference: { style: 3 },
    settings: (model) => layerAxes(parseClipVisionConfig(model.partConfig()).numHiddenLayers),
  },
  openClipNetwork,
);

/** Cosine of the projected image embeddings; the voter CLIP of the published ensemble. */
export const clipI = embeddingMetric(
  {
    name: "clip-i",
    title: "CLIP-I",
    hint: "Cosine of CLIP's image embeddings.",
    modelWords: "CLIP",
    question: "semantic",
    families: ["clip"],
    vote: "clip",
    preference: { semantic: 1 },
    runsOn: (model) => model.part().tensors.has("visual_projection.weight"),
  },
  openClipNetwork,
);

/** Cosine of all output tokens of a layer. */
export const clipFeatures = tokenCosineMetric({
  row: {
    name: "clip-features",
    title: "CLIP features",
    hint: "Mean cosine of CLIP's patch features.",
    modelWords: "CLIP",
    question: "semantic",
    families: ["clip"],
    vote: null,
  },
  open: openClipNetwork,
  tokens: "hidden-states",
});
