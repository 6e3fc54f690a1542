/**
 * @file The attentions of the U-Net as the DiffSim paper counts them, translated to module paths.
 * Source: Song et al., "DiffSim", ICCV 2025; diffsim/diffsim.py of the published code, lines 125-144.
 */
import { appError } from "#shared/domain/app-error";
import type { UNet2DConditionConfig } from "./config";

/** The three halves DiffSim chooses from. The published code says `mid_blocks`; the module is `mid_block`. */
export const diffsimBlocks = ["down_blocks", "mid_block", "up_blocks"] as const;
export type DiffsimBlock = (typeof diffsimBlocks)[number];

/**
 * Module path of DiffSim's attention for a block and a layer, e.g. `up_blocks.1.attentions.2.transformer_blocks.0.attn1` for up_blocks, 0 on SD 1.5.
 * Layers count the blocks that have attention: the first down block is 0, the *second* up block is 0; `mid_block` has one attention and ignores the number.
 * Within a block it is always the last transformer block of the last attention.
 *
 * @throws tap/unknown when the layer does not exist
 */
export function diffsimTap({ transformerLayers }: UNet2DConditionConfig, block: DiffsimBlock, layer: number): string {
  if (block === "mid_block" && transformerLayers.mid.length > 0) return lastAttention("mid_block", transformerLayers.mid);
  const first = block === "up_blocks" ? 1 : 0;
  const blocks = { down_blocks: transformerLayers.down.slice(0, -1), mid_block: [], up_blocks: transformerLayers.up.slice(1) }[block];
  const depths = blocks[layer] ?? [];
  if (depths.length === 0) {
    const legal = blocks.flatMap((candidate, i) => (candidate.length > 0 ? [i] : []));
    throw appError("tap/unknown", `There is no layer ${layer} in the ${block} of this U-Net.`, {
      hint: legal.length === 0 ? "It has no attention." : `Layers with attention: ${legal.join(", ")}.`,
    });
  }
  return lastAttention(`${block}.${first + layer}`, depths);
}

function lastAttention(block: string, depths: readonly number[]): string {
  const attention = depths.length - 1;
  return `${block}.attentions.${attention}.transformer_blocks.${(depths[attention] ?? 1) - 1}.attn1`;
}
