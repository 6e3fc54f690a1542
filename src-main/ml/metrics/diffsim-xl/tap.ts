/**
 * @file The attentions of XL's U-Net as the published code counts them, translated to module paths.
 * Source: diffsim/diffsim_xl.py of the published code, lines 84-107.
 */
import { appError } from "#shared/domain/app-error";
import type { UNet2DConditionConfig } from "../../models/stable-diffusion/config";
import type { DiffsimBlock } from "../../models/stable-diffusion/taps";

/** The numbers of a layer. The middle block is one block, so it has no number of its own. */
const numbersOf: Readonly<Record<DiffsimBlock, readonly string[]>> = {
  down_blocks: ["block", "attention", "transformer block"],
  mid_block: ["attention", "transformer block"],
  up_blocks: ["block", "attention", "transformer block"],
};

/**
 * Module path of the attention that `layer` means, e.g. `up_blocks.0.attentions.0.transformer_blocks.9.attn1` for up_blocks, [0, 0, 9].
 * Down blocks are counted without the first, which has no attention: 0 is `down_blocks.1`; up blocks without the last. The middle block takes two numbers.
 * Without a layer it is the last transformer block of the first attention of the first such block.
 *
 * @throws usage/invalid for another count of numbers, tap/unknown when one of them is too large
 */
export function diffsimXlTap(
  { transformerLayers }: UNet2DConditionConfig,
  block: DiffsimBlock,
  layer: readonly number[] | undefined,
): string {
  const names = numbersOf[block];
  if (layer !== undefined && layer.length !== names.length)
    throw appError("usage/invalid", `A layer of ${block} of Stable Diffusion XL is ${names.length} numbers, not ${layer.length}.`, {
      hint: `They are ${names.join(", ")}: for example --layer ${names.map(() => 0).join(",")}.`,
    });
  const first = block === "down_blocks" ? 1 : 0;
  const blocks = {
    down_blocks: transformerLayers.down.slice(1),
    mid_block: [transformerLayers.mid],
    up_blocks: transformerLayers.up.slice(0, -1),
  }[block];
  const [index = 0, attention = 0, given] = block === "mid_block" ? [0, ...(layer ?? [])] : (layer ?? []);
  const depth = blocks[index]?.[attention] ?? 0;
  const transformer = given ?? depth - 1;
  if (transformer < 0 || transformer >= depth) throw unknownLayer(block, blocks, layer);
  const path = block === "mid_block" ? block : `${block}.${first + index}`;
  return `${path}.attentions.${attention}.transformer_blocks.${transformer}.attn1`;
}

function unknownLayer(block: DiffsimBlock, blocks: readonly (readonly number[])[], layer: readonly number[] = []): Error {
  const ranges = blocks.flatMap((depths, index) =>
    depths.map((depth, attention) => [...(block === "mid_block" ? [] : [index]), attention, `0-${depth - 1}`].join(",")),
  );
  return appError("tap/unknown", `There is no layer ${layer.join(",")} in the ${block} of this U-Net.`, {
    hint: ranges.length === 0 ? "They have no attention." : `Layers with attention: ${ranges.join(" ")}.`,
  });
}
