/** @file A Stable Diffusion 1.x, 2.x or XL folder with its configurations parsed and checked against each other; weights stay in their files. */
import { z } from "zod";
import { appError } from "#shared/domain/app-error";
import type { WeightScope } from "../../weights/weight-scope";
import { parseClipTextConfig, type ClipTextConfig } from "../clip/text-config";
import { openClipTokenizer, type ClipTokenizer } from "../clip/tokenizer";
import type { ModelFolder } from "../model-folder";
import { parseModelConfig } from "../parse-config";
import { openAutoencoder, type Autoencoder } from "./autoencoder";
import { parseUNet2DConditionConfig, timeIdCount, type UNet2DConditionConfig } from "./config";
import { createNoiseSchedule, type NoiseSchedule } from "./schedule";
import { parseSchedulerConfig } from "./scheduler-config";

/** One network of the pipeline: what it is and where its weights are. */
interface Network<Config> {
  readonly config: Config;
  readonly weights: WeightScope;
}

/** A text encoder with the tokenizer that feeds it. */
export interface TextTower extends Network<ClipTextConfig> {
  readonly tokenizer: ClipTokenizer;
}

export interface StableDiffusion {
  readonly family: "stable-diffusion" | "stable-diffusion-xl";
  readonly unet: Network<UNet2DConditionConfig>;
  readonly vae: Autoencoder;
  /** One tower, or the two of XL, whose states are put side by side. */
  readonly textTowers: readonly TextTower[];
  readonly schedule: NoiseSchedule;
  /** Whether nothing but zeros stands for a negative prompt that was not given, instead of the states of an empty one. */
  readonly forceZerosForEmptyPrompt: boolean;
}

/** model_index.json of XL. */
const pipelineSchema = z.object({ force_zeros_for_empty_prompt: z.boolean().default(true) });

/**
 * Reads the configurations of a diffusers folder.
 *
 * @throws checkpoint/incomplete, graph/unsupported-config
 */
export async function openStableDiffusion(model: ModelFolder): Promise<StableDiffusion> {
  const isXl = model.family === "stable-diffusion-xl";
  const unet = parseUNet2DConditionConfig(model.partConfig("unet"));
  const vae = openAutoencoder(model.part("vae").scope(), model.partConfig("vae"));
  const first = await openTextTower(model, "");
  const second = isXl ? await openTextTower(model, "_2") : null;
  const textTowers = second === null ? [first] : [first, second];
  const textWidth = textTowers.reduce((width, { config }) => width + config.hiddenSize, 0);
  if (second !== null && second.config.maxPositionEmbeddings !== first.config.maxPositionEmbeddings) {
    throw appError("graph/unsupported-config", "The two text encoders of the model read prompts of different lengths.", {
      hint: "Take both from one model.",
    });
  }
  requireEqual("in_channels", unet.inChannels, vae.config.latentChannels);
  requireEqual("cross_attention_dim", unet.crossAttentionDim[0] ?? 0, textWidth);
  if (unet.additionEmbed !== null) {
    const { timeEmbedDim, textEmbedDim } = unet.additionEmbed;
    const timeWidth = timeIdCount * timeEmbedDim;
    const projectionDim = second?.config.projectionDim ?? 0;
    requireEqual("projection_class_embeddings_input_dim", textEmbedDim + timeWidth, projectionDim + timeWidth);
  }
  return {
    family: isXl ? "stable-diffusion-xl" : "stable-diffusion",
    unet: { config: unet, weights: model.part("unet").scope() },
    vae,
    textTowers,
    schedule: createNoiseSchedule(parseSchedulerConfig(model.partConfig("scheduler"))),
    forceZerosForEmptyPrompt: isXl && (await readPipelineConfig(model)).force_zeros_for_empty_prompt,
  };
}

async function openTextTower(model: ModelFolder, suffix: string): Promise<TextTower> {
  const part = `text_encoder${suffix}`;
  const config = parseClipTextConfig(model.partConfig(part), part);
  const tokenizer = await openClipTokenizer(model.tokenizerFiles(`tokenizer${suffix}`));
  const { maxLength, startId, endId, padId } = tokenizer.vocabulary;
  if (maxLength !== config.maxPositionEmbeddings || Math.max(startId, endId, padId) >= config.vocabSize) {
    throw appError("graph/unsupported-config", `tokenizer${suffix} is not the one that ${part} was trained with.`, {
      hint: `${part} reads ${config.maxPositionEmbeddings} tokens out of ${config.vocabSize}; take the tokenizer that was saved with it.`,
    });
  }
  return { config, weights: model.part(part).scope(), tokenizer };
}

async function readPipelineConfig(model: ModelFolder): Promise<z.infer<typeof pipelineSchema>> {
  return parseModelConfig("model_index.json", pipelineSchema, (await model.readJson("model_index.json")) ?? {});
}

function requireEqual(field: string, actual: number, expected: number): void {
  if (actual === expected) return;
  throw appError(
    "graph/unsupported-config",
    `unet/config.json: "${field}" is ${actual}, but the other parts of the model give ${expected}.`,
    {
      hint: "Inpainting, depth, refining and upscaling models are not supported; use the text-to-image model they were made from.",
    },
  );
}
