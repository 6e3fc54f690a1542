/** @file DINOv2 for the metrics. Published mode interpolates positions with the offset of transformers 4.44 and torch.hub, corrected mode by size (quirk D5). */
import type { MetricName, ScoringMode } from "#shared/domain/feature-recipe";
import type { Dinov2Config } from "../../models/dinov2/config";
import { openDinov2, type TransformerModel } from "../../models/dinov2/dinov2";
import { patchGrid, type InputSize, type PositionInterpolation } from "../../models/dinov2/position-embeddings";
import { dinov2TokenTable } from "../../models/dinov2/token-table";
import { buildDinov2 } from "../../models/dinov2/vision-transformer";
import { appError } from "#shared/domain/app-error";
import type { ModelFolder } from "../../models/model-folder";
import { processImages } from "../../preprocess/image-processor";
import {
  clipImageProcessorDefaults,
  imagenetMean,
  imagenetStd,
  parseImageProcessorConfig,
  type ImageProcessorConfig,
} from "../../preprocess/image-processor-config";
import { tensor } from "../../tensor/tensor";
import type { MetricContext } from "../metric";
import { requiredModel } from "../required-model";
import type { VisionNetwork } from "../vision/vision-network";

/** What the published checkpoints come with: short side 256, bicubic, the middle 224 x 224, ImageNet statistics. */
const publishedProcessor: ImageProcessorConfig = {
  ...clipImageProcessorDefaults,
  size: { shortest_edge: 256 },
  image_mean: imagenetMean,
  image_std: imagenetStd,
};

/**
 * Opens DINOv2 for pictures of the one size its processor makes; position embeddings are interpolated here, other weights are read by the first run.
 * @throws metric/needs-model, checkpoint/unsupported (also for a processor without one size), checkpoint/incomplete, graph/unsupported-config
 */
export async function openDinov2Network(context: MetricContext, metric: MetricName, mode: ScoringMode): Promise<VisionNetwork> {
  const model = requiredModel(context, metric, "a DINOv2 model");
  return transformerNetwork(model, mode, { ...(await openDinov2(model)), processor: await imageProcessor(model, publishedProcessor) });
}

/** The processor that lies beside the weights, else the one they were published with. */
export async function imageProcessor(model: ModelFolder, published: ImageProcessorConfig): Promise<ImageProcessorConfig> {
  const json = await model.readJson("preprocessor_config.json");
  return json === null ? published : parseImageProcessorConfig(json);
}

/** A transformer of the DINO family as it takes the pictures of a processor. Throws as {@link openDinov2Network}. */
export async function transformerNetwork(
  model: ModelFolder,
  mode: ScoringMode,
  { config, weights, processor }: TransformerModel & { readonly processor: ImageProcessorConfig },
): Promise<VisionNetwork> {
  const size = inputSize(processor, config);
  const interpolation = positionInterpolation(config, mode);
  const { table, positions } = await dinov2TokenTable(weights, config, { size, interpolation });
  const scope = weights.scope();
  return {
    model,
    layers: config.numHiddenLayers,
    heads: config.numAttentionHeads,
    headDim: config.hiddenSize / config.numAttentionHeads,
    grid: { ...patchGrid(size), prefix: 1 + config.numRegisterTokens },
    imageSize: size.height,
    parameters: { height: size.height, width: size.width, positions: interpolation },
    stagedConstants: new Map([["position_embeddings_used", tensor([positions.length / config.hiddenSize, config.hiddenSize], positions)]]),
    processImages: (images) => processImages(images, processor),
    build: (taps) => buildDinov2(scope, config, { taps, size, tokenTable: table }),
    outputProjection: () => Promise.resolve(null),
  };
}

/** Models with registers were only ever released with antialiased, size-based positions. */
function positionInterpolation(config: Dinov2Config, mode: ScoringMode): PositionInterpolation {
  if (config.numRegisterTokens > 0) return "size-antialiased";
  return mode === "published" ? "offset" : "size";
}

/** The one size every picture has after the processor. */
function inputSize(processor: ImageProcessorConfig, config: Dinov2Config): InputSize {
  const { patchSize } = config;
  if (processor.do_center_crop) return { ...processor.crop_size, patchSize };
  if (processor.do_resize && "height" in processor.size) return { ...processor.size, patchSize };
  throw appError("checkpoint/unsupported", "preprocessor_config.json neither crops nor squashes, so pictures would have different sizes.", {
    hint: "Take the preprocessor_config.json that belongs to the checkpoint.",
  });
}
