/**
 * @file Other ways to write the module path of a tap: positions of sdhelper, keys of CleanDIFT, projections as the checkpoint calls them.
 * Source: JonasLoos/sdhelper, sdhelper.py `SD.img2repr`; CompVis/cleandift, src/min_sd15.py of the published code.
 */

/** Residual blocks, transformers and upsampler of an up block have three keys; the last block ends after its first. */
const keysPerUpBlock = 3;

/**
 * The dotted path behind `name`: `up_blocks[1].attentions[0]` and `mid_block.attentions[0]` lose their brackets, `…attn1.to_q` is `…attn1.q`.
 * Other names are returned as they are.
 */
export function dottedPath(name: string): string {
  return name.replace(/\[(\d+)\]/g, ".$1").replace(/\.to_([qkv])$/, ".$1");
}

/**
 * The paths CleanDIFT's keys may stand for, best first: `mid`, and `us1` to `us10` of a U-Net with four up blocks. The third key of a block is what its
 * upsampler gives, twice the grid, and not the third transformer. Blocks without transformers give their residual blocks.
 *
 * @returns nothing when `name` is no key of a U-Net with that many up blocks
 */
export function cleanDiftPaths(name: string, upBlocks: number): readonly string[] {
  if (name === "mid") return ["mid_block"];
  const key = Number(/^us([1-9]\d*)$/.exec(name)?.[1] ?? 0) - 1;
  if (key < 0 || key > keysPerUpBlock * (upBlocks - 1)) return [];
  const block = `up_blocks.${Math.floor(key / keysPerUpBlock)}`;
  const place = key % keysPerUpBlock;
  return place === keysPerUpBlock - 1 ? [`${block}.upsamplers.0`] : [`${block}.attentions.${place}`, `${block}.resnets.${place}`];
}

/** The keys a U-Net with that many up blocks has. */
export function cleanDiftKeys(upBlocks: number): readonly string[] {
  return ["mid", ...Array.from({ length: keysPerUpBlock * (upBlocks - 1) + 1 }, (_, i) => `us${i + 1}`)];
}
