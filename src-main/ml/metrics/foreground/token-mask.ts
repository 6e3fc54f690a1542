/**
 * @file From what counts of a picture to how much each of its patches counts.
 * Source: `get_foreground_mask` of metrics/foreground_feature_averaging.py of the published DiffSim code (quirks F1-F3 of QUIRKS-vision).
 */
import type { ScoringMode } from "#shared/domain/feature-recipe";
import type { TokenGrid } from "#shared/domain/score";
import type { MaskImage, RawImage } from "../../../platform/raw-image";
import type { TileMask } from "../../maps/tile-mask";
import { resizeSamples } from "../../preprocess/resize";
import type { Float32Tensor } from "../../tensor/tensor";

/** How much each patch counts, 0 to 1, row by row. */
export type PatchWeights = Float32Array;

/** A mask on the grid by Pillow's bilinear: patches of which half or less counts are dropped, the others count by their share; if none is left all do (quirk F3). */
export function patchWeights(mask: MaskImage, { rows, columns }: TokenGrid): PatchWeights {
  const { data } = resizeSamples({ ...mask, channels: 1 }, { width: columns, height: rows }, { filter: "bilinear" });
  const weights = Float32Array.from(data, (value) => (value / 255 > 0.5 ? value / 255 : 0));
  return weights.some((weight) => weight > 0) ? weights : weights.fill(1);
}

/**
 * What the published code takes for the mask: the pixels of the segmented picture that differ from its darkest one (quirk F2). Every patch counts wholly or not.
 *
 * @param pixels [1, 3, H, W], the segmented picture as it enters the network
 */
export function publishedPatchWeights({ shape, data }: Float32Tensor, grid: TokenGrid): PatchWeights {
  const [, , height = 0, width = 0] = shape;
  const plane = height * width;
  const sums = new Float32Array(plane);
  for (let i = 0; i < plane; i++) sums[i] = Math.fround((data[i] ?? 0) + (data[plane + i] ?? 0)) + (data[2 * plane + i] ?? 0);
  const darkest = sums.reduce((least, sum) => Math.min(least, sum), Infinity);
  const mask = { width, height, data: Uint8Array.from(sums, (sum) => (sum === darkest ? 0 : 255)) };
  return patchWeights(mask, grid).map(Math.ceil);
}

/** The picture with what does not count in black: as published only what does not count at all (quirk F1), else darkened by how little it counts. */
export function segmented(image: RawImage, mask: MaskImage, mode: ScoringMode): RawImage {
  const data = new Uint8Array(image.data.length);
  for (let i = 0; i < data.length; i++) {
    const value = image.data[i] ?? 0;
    const counts = mask.data[Math.floor(i / 3)] ?? 0;
    if (mode === "corrected") data[i] = Math.round((value * counts) / 255);
    else data[i] = counts === 0 ? 0 : value;
  }
  return { ...image, data };
}

/** A mask of tiles at the size of the picture, every tile an even rectangle. */
export function maskOfTiles(tiles: TileMask, grid: TokenGrid, { width, height }: RawImage): MaskImage {
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y * grid.rows) / height);
    for (let x = 0; x < width; x++) {
      const tile = row * grid.columns + Math.floor((x * grid.columns) / width);
      data[y * width + x] = tiles[tile] === 1 ? 255 : 0;
    }
  }
  return { width, height, data };
}
