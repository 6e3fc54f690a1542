/**
 * @file How many transformer blocks every attention of the U-Net has: one number for all, one a block, or one an attention.
 * Source: diffusers 0.29 `UNet2DConditionModel.__init__`, `transformer_layers_per_block` and `reverse_transformer_layers_per_block`.
 */
import { z } from "zod";
import { appError } from "#shared/domain/app-error";

/** A block without attention may say 0. */
const depth = z.number().int().min(0).max(1024);
const depths = z.array(z.union([depth, z.array(depth)]));

/** The two fields of config.json. */
export const transformerLayersSchema = {
  transformer_layers_per_block: z.union([depth, depths]).default(1),
  reverse_transformer_layers_per_block: depths.nullish(),
};

type Depth = number | readonly number[];

/** Transformer blocks in the order of the modules: `down[i][j]` are those of `down_blocks.i.attentions.j`. A block without attention has an empty list. */
export interface TransformerLayers {
  readonly down: readonly (readonly number[])[];
  readonly mid: readonly number[];
  readonly up: readonly (readonly number[])[];
}

interface Blocks {
  readonly transformer_layers_per_block: number | readonly Depth[];
  readonly reverse_transformer_layers_per_block?: readonly Depth[] | null | undefined;
  /** Residual blocks of each down block; an up block has one more than its mirror image. */
  readonly layersPerBlock: readonly number[];
  readonly downHasAttention: readonly boolean[];
  readonly hasMidAttention: boolean;
  readonly upHasAttention: readonly boolean[];
}

/**
 * Expands the fields to one number an attention.
 *
 * @throws graph/unsupported-config when a list is of another length than its block
 */
export function transformerLayers(blocks: Blocks): TransformerLayers {
  const { layersPerBlock, transformer_layers_per_block: given } = blocks;
  const count = layersPerBlock.length;
  const down = typeof given === "number" ? layersPerBlock.map(() => given) : given;
  const isAsymmetric = down.some((entry) => typeof entry !== "number");
  const up = blocks.reverse_transformer_layers_per_block ?? (isAsymmetric ? [] : down.toReversed());
  if (down.length !== count) throw unfit("transformer_layers_per_block", down);
  if (up.length !== count) throw unfit("reverse_transformer_layers_per_block", blocks.reverse_transformer_layers_per_block ?? null);
  const last = down[count - 1] ?? 1;
  return {
    down: down.map((entry, i) => (blocks.downHasAttention[i] === true ? expand(entry, layersPerBlock[i] ?? 0) : [])),
    mid: blocks.hasMidAttention ? [typeof last === "number" ? last : (last[0] ?? 1)] : [],
    up: up.map((entry, i) => (blocks.upHasAttention[i] === true ? expand(entry, (layersPerBlock[count - 1 - i] ?? 0) + 1) : [])),
  };
}

function expand(entry: Depth, attentions: number): readonly number[] {
  if (typeof entry === "number") return Array.from({ length: attentions }, () => entry);
  if (entry.length !== attentions) throw unfit("transformer_layers_per_block", entry);
  return entry;
}

function unfit(field: string, value: unknown): Error {
  return appError("graph/unsupported-config", `unet/config.json: "${field}" is ${JSON.stringify(value)}, which does not fit the blocks.`, {
    hint: "Give one number a block, or a list with one number for each of its attentions.",
  });
}
