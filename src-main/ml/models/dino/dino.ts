/**
 * @file DINO (v1) out of a model in either layout. It is the network of DINOv2 without layer scale, so transformers' names for ViT are seen as those of DINOv2.
 * Source: transformers 4.44 `ViTConfig` and `ViTModel`; Caron et al. 2021.
 */
import { z } from "zod";
import { renameCheckpoint } from "../../weights/renamed-checkpoint";
import type { Dinov2Config } from "../dinov2/config";
import { hubLayers, openHubTransformer, type TransformerModel } from "../dinov2/dinov2";
import type { ModelFolder } from "../model-folder";
import { layerCount, parseModelConfig, positiveInteger } from "../parse-config";

const schema = z
  .object({
    hidden_size: positiveInteger.default(768),
    intermediate_size: positiveInteger.default(3072),
    num_hidden_layers: layerCount.default(12),
    num_attention_heads: positiveInteger.default(12),
    num_channels: z.literal(3).default(3),
    image_size: positiveInteger.default(224),
    patch_size: positiveInteger.default(16),
    hidden_act: z.literal("gelu").default("gelu"),
    layer_norm_eps: z.number().positive().default(1e-12),
    qkv_bias: z.boolean().default(true),
  })
  .refine((config) => config.hidden_size % config.num_attention_heads === 0, {
    message: "hidden_size is no multiple of num_attention_heads",
    path: ["hidden_size"],
  });

/** Modules of a `ViTLayer` and what DINOv2 calls them. */
const renames: readonly (readonly [vit: RegExp, dinov2: string])[] = [
  [/\.layernorm_before\./, ".norm1."],
  [/\.layernorm_after\./, ".norm2."],
  [/^(encoder\.layer\.\d+)\.intermediate\.dense\./, "$1.mlp.fc1."],
  [/^(encoder\.layer\.\d+)\.output\.dense\./, "$1.mlp.fc2."],
];

/** Reads names and shapes only. Throws graph/unsupported-config, checkpoint/incomplete, weights/... */
export async function openDino(model: ModelFolder): Promise<TransformerModel> {
  const hub = await openHubTransformer(model);
  if (hub !== null) return hub;
  const source = model.part();
  const tensors = [...source.tensors.keys()].map((from) => ({
    name: renames.reduce((name, [vit, dinov2]) => name.replace(vit, dinov2), from),
    from,
  }));
  return { config: parseVitConfig(model.partConfig()), weights: renameCheckpoint(source, tensors) };
}

/** How many encoder layers a DINO model has. Throws graph/unsupported-config. */
export function dinoLayers(model: ModelFolder): number {
  return hubLayers(model) ?? parseVitConfig(model.partConfig()).numHiddenLayers;
}

function parseVitConfig(json: unknown): Dinov2Config {
  const config = parseModelConfig("ViT config.json", schema, json);
  return {
    hiddenSize: config.hidden_size,
    intermediateSize: config.intermediate_size,
    numHiddenLayers: config.num_hidden_layers,
    numAttentionHeads: config.num_attention_heads,
    imageSize: config.image_size,
    patchSize: config.patch_size,
    layerNormEps: config.layer_norm_eps,
    qkvBias: config.qkv_bias,
    useSwigluFfn: false,
    hasLayerScale: false,
    numRegisterTokens: 0,
  };
}
