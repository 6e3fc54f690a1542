/**
 * @file Configuration of CLIP's vision tower, read from config.json with transformers' names (in camelCase) and transformers' defaults.
 * Source: transformers 4.44 `CLIPVisionConfig`; saved files leave every default out.
 */
import { z } from "zod";
import { layerCount, parseModelConfig, positiveInteger } from "../parse-config";

/** `CLIPVisionConfig` with `projection_dim` of the tower's own or of the whole model. */
export interface ClipVisionConfig {
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly numHiddenLayers: number;
  readonly numAttentionHeads: number;
  readonly numChannels: 3;
  readonly imageSize: number;
  readonly patchSize: number;
  readonly hiddenAct: "quick_gelu" | "gelu";
  readonly layerNormEps: number;
  readonly projectionDim: number;
}

const schema = z
  .object({
    hidden_size: positiveInteger.default(768),
    intermediate_size: positiveInteger.default(3072),
    num_hidden_layers: layerCount.default(12),
    num_attention_heads: positiveInteger.default(12),
    num_channels: z.literal(3).default(3),
    image_size: positiveInteger.default(224),
    patch_size: positiveInteger.default(32),
    hidden_act: z.enum(["quick_gelu", "gelu"]).default("quick_gelu"),
    layer_norm_eps: z.number().positive().default(1e-5),
    projection_dim: positiveInteger.default(512),
  })
  .refine((config) => config.hidden_size % config.num_attention_heads === 0, {
    message: "hidden_size is no multiple of num_attention_heads",
    path: ["hidden_size"],
  })
  .refine((config) => config.image_size >= config.patch_size, { message: "the image is smaller than a patch", path: ["image_size"] });

const wholeModel = z.object({ projection_dim: positiveInteger.optional(), vision_config: z.record(z.string(), z.unknown()) });

/**
 * Parses the config.json of a vision tower, or of a whole CLIP model (whose vision part is under `vision_config`).
 *
 * @throws graph/unsupported-config naming the field
 */
export function parseClipVisionConfig(json: unknown): ClipVisionConfig {
  const whole = wholeModel.safeParse(json);
  const fields = whole.success
    ? { ...whole.data.vision_config, projection_dim: whole.data.projection_dim ?? whole.data.vision_config["projection_dim"] }
    : json;
  const config = parseModelConfig("CLIP config.json", schema, fields);
  return {
    hiddenSize: config.hidden_size,
    intermediateSize: config.intermediate_size,
    numHiddenLayers: config.num_hidden_layers,
    numAttentionHeads: config.num_attention_heads,
    numChannels: config.num_channels,
    imageSize: config.image_size,
    patchSize: config.patch_size,
    hiddenAct: config.hidden_act,
    layerNormEps: config.layer_norm_eps,
    projectionDim: config.projection_dim,
  };
}
