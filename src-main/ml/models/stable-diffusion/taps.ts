/**
 * @file The attentions of the U-Net as the DiffSim paper counts them, translated to module paths.
 * Source: Song et al., "DiffSim", ICCV 2025; diffsim/diffsim.py of the published code, lines 125-144.
 */
import { appError } from "#shared/domain/app-error";
import { hasAttention, type UNet2DConditionConfig } from "./config";

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
export function diffsimTap(config: UNet2DConditionConfig, block: DiffsimBlock, layer: number): string {
  const blocks = config.blockOutChannels.length;
  const last = blocks - 1;
  if (block === "mid_block") return attentionPath("mid_block", { attention: 0, transformerLayers: config.transformerLayersPerBlock[last] });
  const types = block === "down_blocks" ? config.downBlockTypes.slice(0, -1) : config.upBlockTypes.slice(1);
  const type = types[layer];
  if (!Number.isInteger(layer) || type === undefined || !hasAttention(type)) {
    const legal = types.flatMap((candidate, i) => (hasAttention(candidate) ? [i] : []));
    throw appError("tap/unknown", `There is no layer ${layer} in the ${block} of this U-Net.`, {
      hint: `Layers with attention: ${legal.join(", ")}.`,
    });
  }
  const index = block === "down_blocks" ? layer : layer + 1;
  const mirrored = block === "down_blocks" ? index : last - index;
  const layers = config.layersPerBlock[mirrored] ?? 1;
  // An up block has one residual block, and one attention, more than its down block.
  const attention = block === "down_blocks" ? layers - 1 : layers;
  return attentionPath(`${block}.${index}`, { attention, transformerLayers: config.transformerLayersPerBlock[mirrored] });
}

function attentionPath(
  block: string,
  { attention, transformerLayers = 1 }: { attention: number; transformerLayers: number | undefined },
): string {
  return `${block}.attentions.${attention}.transformer_blocks.${transformerLayers - 1}.attn1`;
}
