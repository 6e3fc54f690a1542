/** @file Where the tiles of a model lie in a picture, in pixels. */
import { gridArea } from "#shared/domain/grid-area";
import type { ModelFamilyId } from "#shared/domain/feature-recipe";
import type { TokenGrid } from "#shared/domain/score";
import type { RawImage } from "../../platform/raw-image";
import { type Box, tokenBox } from "../heatmap/canvas";

/** The part of a picture that models of a family see, in whole pixels. */
export function coveredArea(family: ModelFamilyId, { width, height }: Pick<RawImage, "width" | "height">): Box {
  const area = gridArea({ family }, { width, height });
  const [left, top] = [Math.round(area.x * width), Math.round(area.y * height)];
  return {
    left,
    top,
    width: Math.max(1, Math.round((area.x + area.width) * width) - left),
    height: Math.max(1, Math.round((area.y + area.height) * height) - top),
  };
}

/** The tile under a pixel of the picture; null outside the area. */
export function tileUnder({ x, y }: { readonly x: number; readonly y: number }, area: Box, { rows, columns }: TokenGrid): number | null {
  const [right, down] = [x - area.left, y - area.top];
  if (right < 0 || down < 0 || right >= area.width || down >= area.height) return null;
  return Math.floor((down * rows) / area.height) * columns + Math.floor((right * columns) / area.width);
}

/** A tile by its place in the grid and the pixel in its middle. */
export interface TilePlace {
  readonly tile: number;
  readonly row: number;
  readonly column: number;
  readonly x: number;
  readonly y: number;
}

/** Where a tile lies. */
export function placeOf(tile: number, grid: TokenGrid, area: Box): TilePlace {
  const box = tokenBox(tile, grid, area);
  return {
    tile,
    row: Math.floor(tile / grid.columns),
    column: tile % grid.columns,
    x: Math.floor(box.left + box.width / 2),
    y: Math.floor(box.top + box.height / 2),
  };
}
