/** @file The metrics a DINO (v1) checkpoint enables. */
import type { MetricName, ScoringMode } from "#shared/domain/feature-recipe";
import { dinoLayers, openDino } from "../../models/dino/dino";
import { clipImageProcessorDefaults, imagenetMean, imagenetStd, type ImageProcessorConfig } from "../../preprocess/image-processor-config";
import { imageProcessor, transformerNetwork } from "../dinov2/network";
import type { MetricContext } from "../metric";
import { requiredModel } from "../required-model";
import { alignedAttentionMetric } from "../vision/aligned-attention-metric";
import { embeddingMetric } from "../vision/embedding-metric";
import { layerAxes } from "../vision/metric-row";
import type { VisionNetwork } from "../vision/vision-network";

/** What the published code does to pictures for torch.hub's weights: torchvision's Resize(256, bicubic) and CenterCrop(224). */
const publishedProcessor: ImageProcessorConfig = {
  ...clipImageProcessorDefaults,
  size: { shortest_edge: 256 },
  crop_rounding: "half-to-even",
  image_mean: imagenetMean,
  image_std: imagenetStd,
};

/** Opens DINO as `openDinov2Network` opens DINOv2. */
export async function openDinoNetwork(context: MetricContext, metric: MetricName, mode: ScoringMode): Promise<VisionNetwork> {
  const model = requiredModel(context, metric, "a DINO model");
  return transformerNetwork(model, mode, { ...(await openDino(model)), processor: await imageProcessor(model, publishedProcessor) });
}

/** Cosine of the class tokens after the final norm (metrics/dino.py `DinoScore` of the published code). The ensemble's voter is DINOv2. */
export const dinoV1 = embeddingMetric(
  {
    name: "dino-v1",
    title: "DINO class token",
    hint: "Cosine of DINO's class tokens.",
    modelWords: "DINO",
    question: "instance",
    families: ["dino"],
    vote: null,
  },
  openDinoNetwork,
);

/** AAS of a layer's self-attention as DINOv2's; the published code has none for DINO v1. */
export const dinoV1Aas = alignedAttentionMetric(
  {
    name: "dino-v1-aas",
    title: "DINO AAS",
    hint: "Aligned attention of DINO.",
    modelWords: "DINO",
    question: "style",
    families: ["dino"],
    vote: null,
    settings: (model) => layerAxes(dinoLayers(model)),
  },
  openDinoNetwork,
);
