/** @file Places on a picture: pointer to tile, tile to box, and the pinned tile that survives another grid. */
import type { TokenGrid } from "#shared/domain/score";

export const paneSides = ["a", "b"] as const;
export type PaneSide = (typeof paneSides)[number];

/** A place on one of the two pictures, in fractions from the top left: it stays where it is when the grid changes. */
export interface TilePlace {
  readonly side: PaneSide;
  readonly x: number;
  readonly y: number;
}

/** A box in fractions of a picture. */
export interface FractionBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const wholePicture: FractionBox = { x: 0, y: 0, width: 1, height: 1 };

export function otherSide(side: PaneSide): PaneSide {
  return side === "a" ? "b" : "a";
}

/** Index of the tile at a place of the picture; `area` is the part of the picture that the grid covers. Places outside it give the nearest tile. */
export function tileAt(x: number, y: number, grid: TokenGrid, area: FractionBox = wholePicture): number {
  const column = clampIndex(((x - area.x) / area.width) * grid.columns, grid.columns);
  const row = clampIndex(((y - area.y) / area.height) * grid.rows, grid.rows);
  return row * grid.columns + column;
}

function clampIndex(value: number, count: number): number {
  return Math.min(count - 1, Math.max(0, Math.floor(value)));
}

/** The box of a tile on the picture. */
export function tileBox(tile: number, grid: TokenGrid, area: FractionBox = wholePicture): FractionBox {
  const width = area.width / grid.columns;
  const height = area.height / grid.rows;
  return { x: area.x + (tile % grid.columns) * width, y: area.y + Math.floor(tile / grid.columns) * height, width, height };
}

/** Middle of a tile on the picture. */
export function tileCentre(tile: number, grid: TokenGrid, area: FractionBox = wholePicture): { readonly x: number; readonly y: number } {
  const box = tileBox(tile, grid, area);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** The tile one step from another, or the same one at the edge. */
export function neighbourTile(tile: number, grid: TokenGrid, step: { readonly columns: number; readonly rows: number }): number {
  const column = (tile % grid.columns) + step.columns;
  const row = Math.floor(tile / grid.columns) + step.rows;
  const isInside = column >= 0 && column < grid.columns && row >= 0 && row < grid.rows;
  return isInside ? row * grid.columns + column : tile;
}

/** Column and row as people count them, from 1. */
export function tileName(tile: number, grid: TokenGrid): { readonly column: number; readonly row: number } {
  return { column: (tile % grid.columns) + 1, row: Math.floor(tile / grid.columns) + 1 };
}

/** Reads the `tile` parameter, "a:0.412,0.231"; null when it is none. */
export function parseTilePlace(text: string | undefined): TilePlace | null {
  const parts = /^(a|b):(\d*\.?\d+),(\d*\.?\d+)$/.exec(text ?? "");
  const x = Number(parts?.[2]);
  const y = Number(parts?.[3]);
  if (parts === null || !(x <= 1) || !(y <= 1)) return null;
  return { side: parts[1] === "a" ? "a" : "b", x, y };
}

/** Writes the `tile` parameter. Four decimals tell the tiles of any grid apart. */
export function formatTilePlace({ side, x, y }: TilePlace): string {
  return `${side}:${Number(x.toFixed(4))},${Number(y.toFixed(4))}`;
}
