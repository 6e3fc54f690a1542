/** @file What the config.json of ViT (DINO v1) and of DINOv2 have in common, with the defaults both share. */
import { z } from "zod";
import { layerCount, positiveInteger } from "../parse-config";
import type { Dinov2Config } from "./config";

export const encoderFields = {
  hidden_size: positiveInteger.default(768),
  num_hidden_layers: layerCount.default(12),
  num_attention_heads: positiveInteger.default(12),
  num_channels: z.literal(3).default(3),
  image_size: positiveInteger.default(224),
  patch_size: positiveInteger.default(16),
  hidden_act: z.literal("gelu").default("gelu"),
  qkv_bias: z.boolean().default(true),
} as const;

type EncoderFields = z.infer<z.ZodObject<typeof encoderFields>> & { readonly layer_norm_eps: number };

/** Whether every head gets as many channels. */
export function splitsIntoHeads(config: Pick<EncoderFields, "hidden_size" | "num_attention_heads">): boolean {
  return config.hidden_size % config.num_attention_heads === 0;
}

/** What `refine` says where it does not. */
export const unevenHeads = { message: "hidden_size is no multiple of num_attention_heads", path: ["hidden_size"] };

/** The fields under our names. */
export function encoderConfig(config: EncoderFields) {
  return {
    hiddenSize: config.hidden_size,
    numHiddenLayers: config.num_hidden_layers,
    numAttentionHeads: config.num_attention_heads,
    imageSize: config.image_size,
    patchSize: config.patch_size,
    layerNormEps: config.layer_norm_eps,
    qkvBias: config.qkv_bias,
  } satisfies Partial<Dinov2Config>;
}
