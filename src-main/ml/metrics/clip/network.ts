/** @file CLIP's vision tower for the metrics: published mode taps the residual stream (quirk C1), corrected mode the normed input. */
import type { MetricName, ScoringMode } from "#shared/domain/feature-recipe";
import { parseClipVisionConfig, type ClipVisionConfig } from "../../models/clip/config";
import { buildClipVision, clipTokenGrid } from "../../models/clip/vision";
import type { ModelFolder } from "../../models/model-folder";
import { processImages } from "../../preprocess/image-processor";
import { clipImageProcessorDefaults, parseImageProcessorConfig, type ImageProcessorConfig } from "../../preprocess/image-processor-config";
import type { MetricContext } from "../metric";
import { requiredModel } from "../required-model";
import type { VisionNetwork } from "../vision/vision-network";

/**
 * Opens CLIP's vision tower; weights are read by the first run.
 * @throws metric/needs-model, checkpoint/unsupported, checkpoint/incomplete, graph/unsupported-config
 */
export async function openClipNetwork(context: MetricContext, metric: MetricName, mode: ScoringMode): Promise<VisionNetwork> {
  const model = requiredModel(context, metric, "a CLIP model in the transformers layout");
  const config = parseClipVisionConfig(model.partConfig());
  const processor = await imageProcessor(model, config);
  const weights = model.part().scope();
  return {
    model,
    layers: config.numHiddenLayers,
    heads: config.numAttentionHeads,
    headDim: config.hiddenSize / config.numAttentionHeads,
    grid: clipTokenGrid(config),
    imageSize: config.imageSize,
    parameters: {},
    stagedConstants: new Map(),
    processImages: (images) => processImages(images, processor),
    build: (taps) => buildClipVision(weights, config, { taps, attentionSource: mode === "published" ? "layer-input" : "layer-norm" }),
    outputProjection: async (layer) => {
      const name = `vision_model.encoder.layers.${layer}.self_attn.out_proj`;
      return { weight: await model.part().readTensor(`${name}.weight`), bias: await model.part().readTensor(`${name}.bias`) };
    },
  };
}

/** The model's own processor; without its file, CLIP's at the size of the network. */
async function imageProcessor(model: ModelFolder, config: ClipVisionConfig): Promise<ImageProcessorConfig> {
  const json = await model.readJson("preprocessor_config.json");
  if (json !== null) return parseImageProcessorConfig(json);
  const { imageSize } = config;
  return { ...clipImageProcessorDefaults, size: { shortest_edge: imageSize }, crop_size: { height: imageSize, width: imageSize } };
}
