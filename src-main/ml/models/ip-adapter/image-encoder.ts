/**
 * @file The CLIP image encoder of an IP-Adapter, as far as its states before the last layer.
 * Source: diffusers 0.29 `StableDiffusionPipeline.encode_image` and `IPAdapterMixin.load_ip_adapter`.
 */
import { appError } from "#shared/domain/app-error";
import type { RawImage } from "../../../platform/raw-image";
import type { Graph } from "../../graph/graph-core";
import { processImages } from "../../preprocess/image-processor";
import { clipImageProcessorDefaults } from "../../preprocess/image-processor-config";
import { tensor, type Float32Tensor } from "../../tensor/tensor";
import type { WeightScope } from "../../weights/weight-scope";
import { parseClipVisionConfig, type ClipVisionConfig } from "../clip/config";
import { buildClipVision, clipTokenGrid } from "../clip/vision";
import type { ModelFolder } from "../model-folder";
import { noTaps } from "../vision-taps";
import type { IpAdapter } from "./ip-adapter";

export interface AdapterImageEncoder {
  readonly config: ClipVisionConfig;
  readonly weights: WeightScope;
  /** Tokens of an image: the class token and the patches. */
  readonly imageTokens: number;
}

/**
 * Checks that a model is the image encoder an adapter was trained with.
 *
 * @throws checkpoint/unsupported, checkpoint/incomplete, graph/unsupported-config
 */
export function openAdapterImageEncoder(model: ModelFolder, adapter: IpAdapter): AdapterImageEncoder {
  if (model.family !== "clip") throw unfit(`${model.name} is no CLIP model, so it cannot be the image encoder of an IP-Adapter.`);
  const config = parseClipVisionConfig(model.partConfig());
  if (config.hiddenSize !== adapter.resampler.imageWidth) {
    throw unfit(
      `The image encoder ${model.name} gives ${config.hiddenSize} channels a patch, but the IP-Adapter takes ${adapter.resampler.imageWidth}.`,
    );
  }
  if (config.numHiddenLayers < 2) throw unfit(`The image encoder ${model.name} has no layer before its last one.`);
  const { rows, columns, prefix } = clipTokenGrid(config);
  return { config, weights: model.part().scope(), imageTokens: prefix + rows * columns };
}

/** Authors the encoder. Input `pixel_values` [N, 3, S, S], output {@link adapterStatesOutput} [N, tokens, hidden]: before the last layer, without the final norm. */
export function buildAdapterImageEncoder({ weights, config }: AdapterImageEncoder): Graph {
  const layer = config.numHiddenLayers - 2;
  return buildClipVision(weights, config, { taps: { ...noTaps, hiddenStates: [layer] }, attentionSource: "layer-norm" });
}

/** The name of the states that the adapter takes. */
export function adapterStatesOutput({ config }: AdapterImageEncoder): string {
  return `hidden${config.numHiddenLayers - 1}`;
}

/** CLIP's own processing at the encoder's size, whatever the folder's file says: the whole picture, its short side fitted, the middle cut out. */
export function adapterPixels(image: RawImage, { config: { imageSize } }: AdapterImageEncoder): Float32Tensor {
  const size = { size: { shortest_edge: imageSize }, crop_size: { height: imageSize, width: imageSize } };
  return processImages([image], { ...clipImageProcessorDefaults, ...size });
}

/** What stands for no image: zeros after normalisation, a mid grey, which the encoder sees like any picture. */
export function emptyAdapterPixels({ config: { imageSize } }: AdapterImageEncoder): Float32Tensor {
  const shape = [1, 3, imageSize, imageSize];
  return tensor(shape, new Float32Array(3 * imageSize * imageSize));
}

function unfit(message: string): Error {
  return appError("graph/unsupported-config", message, {
    hint: "Take the encoder the adapter was trained with, for the usual ones CLIP ViT-H/14: the folder models/image_encoder beside them.",
  });
}
