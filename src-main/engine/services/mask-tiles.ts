/** @file Between masks of pixels and masks of tiles, whatever the size of either. */
import { type Mask, type MaskPixels, maskSize, packMask } from "#shared/domain/mask";
import type { TokenGrid } from "#shared/domain/score";
import type { Crop } from "#shared/domain/search";
import { mapOfAttention } from "../../ml/maps/feature-map";
import { estimateInFrame } from "../../ml/maps/framed-foreground";
import type { TileMask } from "../../ml/maps/tile-mask";
import type { AttentionFeatures } from "../../ml/scoring/attention-features";
import type { MaskImage } from "../../platform/raw-image";

/** The whole picture, in fractions. */
export const wholePicture: Crop = { x: 0, y: 0, width: 1, height: 1 };

/**
 * The tiles of which at least half counts. A thing smaller than a tile still counts: where no tile is half covered, every tile is that is covered at all.
 *
 * @param mask 0 to 255, over the whole picture at any size
 * @param area the part of the picture that the grid covers, in fractions
 */
export function tilesOfMask(mask: MaskImage, grid: TokenGrid, area: Crop = wholePicture): TileMask {
  const tiles = Float64Array.from({ length: grid.rows * grid.columns }, (_, tile) => coverage(mask, tileBox(tile, grid, area)));
  const enough = tiles.some((covered) => covered >= 0.5) ? 0.5 : Number.MIN_VALUE;
  return Uint8Array.from(tiles, (covered) => (covered >= enough ? 1 : 0));
}

/** A mask of the whole picture from its tiles; what lies outside `area` does not count. */
export function maskOfTiles(
  tiles: TileMask,
  { grid, area, size }: { readonly grid: TokenGrid; readonly area: Crop; readonly size: Pick<MaskPixels, "width" | "height"> },
): MaskPixels {
  const { width, height } = size;
  const place = (share: number, start: number, length: number, count: number): number | null => {
    const inside = Math.floor(((share - start) / length) * count);
    return inside < 0 || inside >= count ? null : inside;
  };
  const data = Uint8Array.from({ length: width * height }, (_, pixel) => {
    const row = place((Math.floor(pixel / width) + 0.5) / height, area.y, area.height, grid.rows);
    const column = place(((pixel % width) + 0.5) / width, area.x, area.width, grid.columns);
    return row === null || column === null ? 0 : (tiles[row * grid.columns + column] ?? 0);
  });
  return { width, height, data };
}

/** A mask of any size at the size of a kept mask. */
export function reducedMask(mask: MaskImage): Mask {
  const { width, height } = maskSize(mask);
  return packMask({ width, height, data: tilesOfMask(mask, { rows: height, columns: width }) });
}

/** Whether a mask tells parts of a picture apart: it counts somewhere and not everywhere. */
export function partsPicture({ data }: MaskImage): boolean {
  const counts = data.findIndex((value) => value >= 128);
  return counts !== -1 && data.some((value) => value < 128);
}

/** The foreground of a picture by its features alone. */
export function estimatedTiles(attention: AttentionFeatures): TileMask {
  return estimateInFrame(mapOfAttention(attention));
}

/** The box of a tile in fractions of the picture. */
function tileBox(tile: number, { rows, columns }: TokenGrid, area: Crop): Crop {
  const [width, height] = [area.width / columns, area.height / rows];
  return { x: area.x + (tile % columns) * width, y: area.y + Math.floor(tile / columns) * height, width, height };
}

/** How much of a box counts, 0 to 1; pixels that lie in it in part count in part. */
function coverage({ width, height, data }: MaskImage, box: Crop): number {
  const [left, right] = [box.x * width, (box.x + box.width) * width];
  const [top, bottom] = [box.y * height, (box.y + box.height) * height];
  let sum = 0;
  for (let y = Math.max(0, Math.floor(top)); y < Math.min(height, Math.ceil(bottom)); y++) {
    const tall = Math.min(y + 1, bottom) - Math.max(y, top);
    for (let x = Math.max(0, Math.floor(left)); x < Math.min(width, Math.ceil(right)); x++)
      sum += tall * (Math.min(x + 1, right) - Math.max(x, left)) * (data[y * width + x] ?? 0);
  }
  return sum / 255 / ((right - left) * (bottom - top));
}
