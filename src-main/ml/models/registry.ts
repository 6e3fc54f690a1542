/** @file The only list of model families. Tensors decide, never file names. */
import type { ModelFamilyId } from "#shared/domain/feature-recipe";
import { anyName, type TensorNames } from "./tensor-names";

/** How a family that consists of several networks lies in a diffusers folder. */
export interface PipelineParts {
  /** The folder of the network that decides what the model is. */
  readonly main: string;
  /** The folders of the other networks. */
  readonly networks: readonly string[];
  /** Files without which it cannot run, relative to the folder. */
  readonly files: readonly string[];
  /** Whether the main network may also be one file beside the folders of the others. */
  readonly isMainAFile?: true;
}

/** A kind of model with code of its own under ml/models. */
export interface ModelFamily {
  readonly id: ModelFamilyId;
  /** Whether these are the (main) weights of such a model. */
  readonly detect: (tensors: TensorNames) => boolean;
  /** Left out for models of one network. */
  readonly pipeline?: PipelineParts;
  /** Whether a config.json must say what the tensors leave open; left out, it must. */
  readonly needsConfig?: (tensors: TensorNames) => boolean;
}

const tokenizerFiles = (folder: string) => [`${folder}/vocab.json`, `${folder}/merges.txt`];
const schedulerFile = "scheduler/scheduler_config.json";

const starter: ModelFamily = {
  id: "starter",
  detect: (tensors) => tensors.has("head.style.weight") && tensors.has("token.style.weight") && tensors.has("conv_stem.weight"),
};

const stableDiffusion: ModelFamily = {
  id: "stable-diffusion",
  detect: (tensors) => isUNet2DCondition(tensors) && !tensors.has("add_embedding.linear_1.weight"),
  pipeline: { main: "unet", networks: ["vae", "text_encoder"], files: [...tokenizerFiles("tokenizer"), schedulerFile] },
};

const stableDiffusionXl: ModelFamily = {
  id: "stable-diffusion-xl",
  detect: (tensors) => isUNet2DCondition(tensors) && tensors.has("add_embedding.linear_1.weight"),
  pipeline: {
    main: "unet",
    networks: ["vae", "text_encoder", "text_encoder_2"],
    files: [...tokenizerFiles("tokenizer"), ...tokenizerFiles("tokenizer_2"), schedulerFile],
  },
};

/** Meta publishes one file of the transformer; diffusers' folders hold the same weights under other names. */
const dit: ModelFamily = {
  id: "dit",
  detect: (tensors) =>
    tensors.has("y_embedder.embedding_table.weight") || tensors.has("transformer_blocks.0.norm1.emb.class_embedder.embedding_table.weight"),
  pipeline: { main: "transformer", networks: ["vae"], files: [], isMainAFile: true },
};

const clip: ModelFamily = {
  id: "clip",
  detect: (tensors) => tensors.has("vision_model.embeddings.class_embedding") && tensors.has("vision_model.pre_layrnorm.weight"),
};

/** The layout of torch.hub: query, key and value in one matrix, and everything but the number of heads in the shapes. */
export function isHubTransformer(tensors: Pick<TensorNames, "has">): boolean {
  return ["cls_token", "pos_embed", "patch_embed.proj.weight", "blocks.0.attn.qkv.weight"].every((name) => tensors.has(name));
}

const dinov2: ModelFamily = {
  id: "dinov2",
  detect: (tensors) =>
    isHubTransformer(tensors)
      ? tensors.has("blocks.0.ls1.gamma")
      : tensors.has("embeddings.position_embeddings") && tensors.has("encoder.layer.0.layer_scale1.lambda1"),
  needsConfig: (tensors) => !isHubTransformer(tensors),
};

const dino: ModelFamily = {
  id: "dino",
  detect: (tensors) =>
    isHubTransformer(tensors)
      ? !tensors.has("blocks.0.ls1.gamma")
      : tensors.has("embeddings.position_embeddings") && tensors.has("encoder.layer.0.layernorm_before.weight"),
  needsConfig: (tensors) => !isHubTransformer(tensors),
};

/** VGG-16 and VGG-19 without batch normalisation, as torchvision saves them. */
const vgg: ModelFamily = {
  id: "vgg",
  detect: (tensors) => tensors.has("features.0.weight") && tensors.has("features.28.weight") && !tensors.has("features.1.weight"),
  needsConfig: () => false,
};

export const modelFamilies: readonly ModelFamily[] = [starter, stableDiffusion, stableDiffusionXl, dit, clip, dinov2, dino, vgg];

/** The pipelines of all families. */
export const pipelines: readonly PipelineParts[] = modelFamilies.flatMap(({ pipeline }) => pipeline ?? []);

/** The family whose weights these are, or null. */
export function familyOf(tensors: TensorNames): ModelFamily | null {
  return modelFamilies.find((family) => family.detect(tensors)) ?? null;
}

/** A U-Net from text and a latent to a picture; those that take more are made for other tasks, and adapters repeat its names. */
function isUNet2DCondition(tensors: TensorNames): boolean {
  return (
    tensors.get("conv_in.weight")?.shape[1] === 4 &&
    tensors.has("time_embedding.linear_1.weight") &&
    !tensors.has("controlnet_cond_embedding.conv_in.weight") &&
    anyName(tensors, (name) => name.startsWith("down_blocks.") && name.endsWith(".attn2.to_k.weight"))
  );
}
