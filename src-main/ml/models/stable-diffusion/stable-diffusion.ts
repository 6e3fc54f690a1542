/** @file A Stable Diffusion 1.x or 2.x folder with its configurations parsed and checked against each other; weights stay in their files. */
import { appError } from "#shared/domain/app-error";
import type { WeightScope } from "../../weights/weight-scope";
import { parseClipTextConfig, type ClipTextConfig } from "../clip/text-config";
import { openClipTokenizer, type ClipTokenizer } from "../clip/tokenizer";
import type { ModelFolder } from "../model-folder";
import { openAutoencoder, type Autoencoder } from "./autoencoder";
import { parseUNet2DConditionConfig, type UNet2DConditionConfig } from "./config";
import { createNoiseSchedule, type NoiseSchedule } from "./schedule";
import { parseSchedulerConfig } from "./scheduler-config";

/** One network of the pipeline: what it is and where its weights are. */
interface Network<Config> {
  readonly config: Config;
  readonly weights: WeightScope;
}

export interface StableDiffusion {
  readonly unet: Network<UNet2DConditionConfig>;
  readonly vae: Autoencoder;
  readonly textEncoder: Network<ClipTextConfig>;
  readonly tokenizer: ClipTokenizer;
  readonly schedule: NoiseSchedule;
}

/**
 * Reads the configurations of a diffusers folder.
 *
 * @throws checkpoint/incomplete, graph/unsupported-config
 */
export async function openStableDiffusion(model: ModelFolder): Promise<StableDiffusion> {
  const unet = parseUNet2DConditionConfig(model.partConfig("unet"));
  const vae = openAutoencoder(model.part("vae").scope(), model.partConfig("vae"));
  const textEncoder = parseClipTextConfig(model.partConfig("text_encoder"));
  requireEqual("in_channels", unet.inChannels, vae.config.latentChannels);
  requireEqual("cross_attention_dim", unet.crossAttentionDim[0] ?? 0, textEncoder.hiddenSize);
  return {
    unet: { config: unet, weights: model.part("unet").scope() },
    vae,
    textEncoder: { config: textEncoder, weights: model.part("text_encoder").scope() },
    tokenizer: await openClipTokenizer(model.partPath("tokenizer")),
    schedule: createNoiseSchedule(parseSchedulerConfig(model.partConfig("scheduler"))),
  };
}

function requireEqual(field: string, actual: number, expected: number): void {
  if (actual === expected) return;
  throw appError(
    "graph/unsupported-config",
    `unet/config.json: "${field}" is ${actual}, but the other parts of the model give ${expected}.`,
    {
      hint: "Inpainting, depth and upscaling models are not supported; use the text-to-image model they were made from.",
    },
  );
}
