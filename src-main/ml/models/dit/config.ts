/**
 * @file Sizes of a DiT, read from its tensors; only the number of heads is not to be seen there and comes from a configuration or from the published models.
 * Source: facebookresearch/DiT `DiT_models`; diffusers `DiTTransformer2DModel`. Peebles and Xie, "Scalable Diffusion Models with Transformers", 2023.
 */
import { z } from "zod";
import { appError } from "#shared/domain/app-error";
import type { WeightScope } from "../../weights/weight-scope";
import { layerCount, parseModelConfig, positiveInteger } from "../parse-config";
import { ditWeights } from "./weights";

export interface DitConfig {
  readonly inChannels: number;
  readonly patchSize: number;
  readonly hiddenSize: number;
  readonly depth: number;
  readonly numHeads: number;
  readonly mlpSize: number;
  /** Classes of the training set; the label after the last one stands for no class. */
  readonly numClasses: number;
  /** Side of the latents it was trained on; `null` when nothing tells it. */
  readonly inputSize: number | null;
}

/** Heads of the published models by their width: DiT-S, -B, -L and -XL. */
const publishedHeads: ReadonlyMap<number, number> = new Map([
  [384, 6],
  [768, 12],
  [1024, 16],
  [1152, 16],
]);

/** Fields of Meta's constructor, as a `dit_config.json` keeps them, and those of diffusers' config.json. */
const schema = z.object({
  depth: layerCount.optional(),
  num_layers: layerCount.optional(),
  num_heads: positiveInteger.optional(),
  num_attention_heads: positiveInteger.optional(),
  input_size: positiveInteger.optional(),
  sample_size: positiveInteger.optional(),
  norm_type: z.literal("ada_norm_zero").optional(),
  activation_fn: z.literal("gelu-approximate").optional(),
});

/**
 * The configuration of the DiT whose tensors are below `weights`; `json` is its configuration file, or null when it has none.
 *
 * @throws graph/unsupported-config naming what does not fit, weights/missing-tensor
 */
export function readDitConfig(weights: WeightScope, json: unknown): DitConfig {
  const stated = parseModelConfig("The configuration of the DiT", schema, json ?? {});
  const { patches, classes, block } = ditWeights(weights);
  const [hiddenSize = 0, inChannels = 0, patchSize = 0] = stored(patches, "weight");
  const [labels = 0] = stored(classes, "weight");
  const depth = storedBlocks(weights);
  requireEqual("layers", stated.depth ?? stated.num_layers ?? depth, depth);
  const [mlpSize = 0] = stored(block(0).fc1, "weight");
  const [, positions = 0] = weights.shapeOf("pos_embed") ?? [];
  const side = Math.sqrt(positions) * patchSize;
  return {
    inChannels,
    patchSize,
    hiddenSize,
    depth,
    numHeads: checkedHeads(stated.num_heads ?? stated.num_attention_heads ?? publishedHeads.get(hiddenSize), hiddenSize),
    mlpSize,
    numClasses: labels - 1,
    inputSize: side > 0 ? side : (stated.input_size ?? stated.sample_size ?? null),
  };
}

function stored(weights: WeightScope, name: string): readonly number[] {
  const shape = weights.shapeOf(name);
  if (shape !== null) return shape;
  throw appError("weights/missing-tensor", `The DiT has no tensor ${weights.path}.${name}.`, {
    hint: "The file is incomplete; download it again.",
  });
}

function storedBlocks(weights: WeightScope): number {
  let depth = 0;
  while (weights.has(`blocks.${depth}`) || weights.has(`transformer_blocks.${depth}`)) depth += 1;
  return depth;
}

function requireEqual(what: string, told: number, found: number): void {
  if (told === found) return;
  throw appError("graph/unsupported-config", `The configuration of the DiT tells of ${told} ${what}, but the file holds ${found}.`, {
    hint: "The configuration belongs to another model, or the weights are incomplete.",
  });
}

function checkedHeads(heads: number | undefined, hiddenSize: number): number {
  if (heads === undefined)
    throw appError(
      "graph/unsupported-config",
      `A DiT of width ${hiddenSize} is none of the published ones, and its tensors do not show the number of heads.`,
      {
        hint: 'Put a dit_config.json with "num_heads" beside the weights.',
      },
    );
  if (hiddenSize % heads === 0) return heads;
  throw appError(
    "graph/unsupported-config",
    `The configuration of the DiT has ${heads} heads, which do not divide its width of ${hiddenSize}.`,
    {
      hint: "The configuration belongs to another model.",
    },
  );
}
