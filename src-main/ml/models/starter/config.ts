/** @file Configuration of the bundled starter model, read from its config.json: an EfficientNet-Lite0 cut short, two heads and two token projections. */
import { z } from "zod";
import { parseModelConfig } from "../parse-config";

const positiveInteger = z.number().int().positive();
const perStage = z.array(positiveInteger).min(1);
const triple = z.tuple([z.number(), z.number(), z.number()]);

export const starterOutputs = ["style", "subject"] as const;
/** What the starter model answers: the same marks and medium, or the same thing. */
export type StarterOutput = (typeof starterOutputs)[number];

const head = z.object({ taps: z.array(z.string()).min(1) });
const tokens = z.object({ tap: z.string(), grid: positiveInteger });

const schema = z.object({
  model_type: z.literal("semblance-starter"),
  truncated_after: z.string(),
  image_size: positiveInteger,
  image_mean: triple,
  image_std: triple,
  batch_norm_eps: z.number().positive(),
  activation: z.literal("relu6"),
  padding: z.literal("same (TensorFlow)"),
  expand_ratio_stage0: z.literal(1),
  expand_ratio: positiveInteger,
  kernel_sizes: perStage,
  strides: perStage,
  repeats: perStage,
  channels: perStage,
  stem_channels: positiveInteger,
  taps: z.record(z.string(), z.string()),
  heads: z.object({ style: head, subject: head }),
  tokens: z.object({ style: tokens, subject: tokens }),
});

/** One stage of the backbone: `repeats` blocks, the first of them with `stride`. */
export interface StarterStage {
  readonly kernelSize: number;
  readonly stride: number;
  readonly repeats: number;
  readonly channels: number;
  readonly expandRatio: number;
}

export interface StarterConfig {
  readonly imageSize: number;
  readonly imageMean: readonly [number, number, number];
  readonly imageStd: readonly [number, number, number];
  readonly batchNormEps: number;
  readonly stemChannels: number;
  readonly stages: readonly StarterStage[];
  /** Weight scope of the last block that exists, e.g. `blocks.5.3`. */
  readonly truncatedAfter: string;
  /** Tap name to weight scope of the block whose output it is. */
  readonly taps: Readonly<Record<string, string>>;
  readonly heads: Readonly<Record<StarterOutput, { readonly taps: readonly string[] }>>;
  readonly tokens: Readonly<Record<StarterOutput, { readonly tap: string; readonly grid: number }>>;
}

/**
 * Parses the starter's config.json.
 *
 * @throws graph/unsupported-config naming the field
 */
export function parseStarterConfig(json: unknown): StarterConfig {
  const config = parseModelConfig("starter config.json", schema, json);
  return {
    imageSize: config.image_size,
    imageMean: config.image_mean,
    imageStd: config.image_std,
    batchNormEps: config.batch_norm_eps,
    stemChannels: config.stem_channels,
    stages: config.repeats.map((repeats, i) => ({
      repeats,
      kernelSize: config.kernel_sizes[i] ?? 3,
      stride: config.strides[i] ?? 1,
      channels: config.channels[i] ?? config.stem_channels,
      expandRatio: i === 0 ? config.expand_ratio_stage0 : config.expand_ratio,
    })),
    truncatedAfter: config.truncated_after,
    taps: config.taps,
    heads: config.heads,
    tokens: config.tokens,
  };
}
