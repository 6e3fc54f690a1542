/**
 * @file Configuration of DINOv2, with and without registers, read from config.json with transformers' names (in camelCase) and defaults.
 * Source: transformers `Dinov2Config` (4.44) and `Dinov2WithRegistersConfig`.
 */
import { z } from "zod";
import { parseModelConfig, positiveInteger } from "../parse-config";
import { encoderConfig, encoderFields, splitsIntoHeads, unevenHeads } from "./encoder-fields";

/** DINO v1 is the same network without layer scale and registers. */
export interface Dinov2Config {
  readonly hiddenSize: number;
  /** Width of the hidden layer of the feed-forward block. */
  readonly intermediateSize: number;
  readonly numHiddenLayers: number;
  readonly numAttentionHeads: number;
  readonly imageSize: number;
  readonly patchSize: number;
  readonly layerNormEps: number;
  readonly qkvBias: boolean;
  readonly useSwigluFfn: boolean;
  readonly hasLayerScale: boolean;
  /** Zero for DINOv2 without registers. */
  readonly numRegisterTokens: number;
}

const schema = z
  .object({
    ...encoderFields,
    model_type: z.enum(["dinov2", "dinov2_with_registers"]).default("dinov2"),
    mlp_ratio: z.number().positive().default(4),
    layer_norm_eps: z.number().positive().default(1e-6),
    use_swiglu_ffn: z.boolean().default(false),
    num_register_tokens: positiveInteger.optional(),
  })
  .refine(splitsIntoHeads, unevenHeads);

/**
 * Parses a DINOv2 config.json.
 *
 * @throws graph/unsupported-config naming the field
 */
export function parseDinov2Config(json: unknown): Dinov2Config {
  const config = parseModelConfig("DINOv2 config.json", schema, json);
  return {
    ...encoderConfig(config),
    intermediateSize: feedForwardSize(config),
    useSwigluFfn: config.use_swiglu_ffn,
    hasLayerScale: true,
    numRegisterTokens: config.model_type === "dinov2_with_registers" ? (config.num_register_tokens ?? 4) : 0,
  };
}

/** SwiGLU keeps two thirds of the width, rounded up to a multiple of eight. */
function feedForwardSize(config: z.infer<typeof schema>): number {
  const hidden = Math.trunc(config.hidden_size * config.mlp_ratio);
  return config.use_swiglu_ffn ? Math.floor((Math.trunc((hidden * 2) / 3) + 7) / 8) * 8 : hidden;
}
