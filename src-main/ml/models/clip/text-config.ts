/**
 * @file Configuration of CLIP's text tower, read from config.json with transformers' names (in camelCase) and transformers' defaults.
 * Source: transformers 4.44 `CLIPTextConfig`.
 */
import { z } from "zod";
import { layerCount, parseModelConfig, positiveInteger } from "../parse-config";

const activations = ["quick_gelu", "gelu"] as const;

/** `CLIPTextConfig` as far as the tower's outputs depend on it. */
export interface ClipTextConfig {
  readonly vocabSize: number;
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly numHiddenLayers: number;
  readonly numAttentionHeads: number;
  readonly maxPositionEmbeddings: number;
  readonly hiddenAct: (typeof activations)[number];
  readonly layerNormEps: number;
  /** Length of the projected vector, where there is a projection. */
  readonly projectionDim: number;
  readonly eosTokenId: number;
}

const schema = z
  .object({
    vocab_size: positiveInteger.default(49408),
    hidden_size: positiveInteger.default(512),
    intermediate_size: positiveInteger.default(2048),
    num_hidden_layers: layerCount.default(12),
    num_attention_heads: positiveInteger.default(8),
    max_position_embeddings: positiveInteger.default(77),
    hidden_act: z.enum(activations).default("quick_gelu"),
    layer_norm_eps: z.number().positive().default(1e-5),
    projection_dim: positiveInteger.default(512),
    eos_token_id: z.number().int().nonnegative().default(49407),
  })
  .refine((config) => config.hidden_size % config.num_attention_heads === 0, {
    message: "hidden_size is no multiple of num_attention_heads",
    path: ["hidden_size"],
  });

const wholeModel = z.object({ text_config: z.record(z.string(), z.unknown()), projection_dim: z.unknown() });

/**
 * Parses the config.json of a text encoder, or of a whole CLIP model (whose text part is under `text_config`, and whose projections are all of one width).
 * `part` is the folder of the pipeline it is in, for messages.
 *
 * @throws graph/unsupported-config naming the field
 */
export function parseClipTextConfig(json: unknown, part = "text_encoder"): ClipTextConfig {
  const whole = wholeModel.safeParse(json);
  const config = parseModelConfig(
    `${part}/config.json`,
    schema,
    whole.success ? { ...whole.data.text_config, projection_dim: whole.data.projection_dim } : json,
  );
  return {
    vocabSize: config.vocab_size,
    hiddenSize: config.hidden_size,
    intermediateSize: config.intermediate_size,
    numHiddenLayers: config.num_hidden_layers,
    numAttentionHeads: config.num_attention_heads,
    maxPositionEmbeddings: config.max_position_embeddings,
    hiddenAct: config.hidden_act,
    layerNormEps: config.layer_norm_eps,
    projectionDim: config.projection_dim,
    eosTokenId: config.eos_token_id,
  };
}
