/** @file A canvas of RGB pixels: just enough drawing for maps of pictures. */
import type { TokenGrid } from "#shared/domain/score";
import type { RawImage } from "../../platform/raw-image";
import { cividis, type Rgb } from "./cividis";

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Canvas extends RawImage {
  readonly data: Uint8Array;
}

/** A canvas filled with one colour. */
export function createCanvas(width: number, height: number, fill: Rgb): Canvas {
  const data = new Uint8Array(3 * width * height);
  for (let at = 0; at < data.length; at += 3) data.set(fill, at);
  return { width, height, data };
}

/** Copies a picture onto the canvas with its corner at (left, top). The picture must lie inside. */
export function drawPicture(canvas: Canvas, picture: RawImage, { left, top }: Pick<Box, "left" | "top">): void {
  for (let row = 0; row < picture.height; row += 1) {
    canvas.data.set(picture.data.subarray(3 * picture.width * row, 3 * picture.width * (row + 1)), 3 * (canvas.width * (top + row) + left));
  }
}

/** Where a token lies in `area`; boxes of neighbouring tokens touch. */
export function tokenBox(token: number, { rows, columns }: TokenGrid, area: Box): Box {
  const row = Math.floor(token / columns);
  const column = token % columns;
  const left = area.left + Math.round((column * area.width) / columns);
  const top = area.top + Math.round((row * area.height) / rows);
  return {
    left,
    top,
    width: area.left + Math.round(((column + 1) * area.width) / columns) - left,
    height: area.top + Math.round(((row + 1) * area.height) / rows) - top,
  };
}

export interface TileColours {
  readonly grid: TokenGrid;
  /** The colour of a tile, counted row by row. */
  readonly colourOf: (tile: number) => Rgb;
  /** 0 shows the picture alone, 1 the map alone. */
  readonly opacity: number;
}

/** Lays a map over what is drawn in `area`; every tile is one flat box. */
export function drawTiles(canvas: Canvas, area: Box, { grid, colourOf, opacity }: TileColours): void {
  for (let tile = 0; tile < grid.rows * grid.columns; tile += 1) {
    const colour = colourOf(tile);
    const box = tokenBox(tile, grid, area);
    for (let y = box.top; y < box.top + box.height; y += 1) {
      for (let x = box.left; x < box.left + box.width; x += 1) {
        const at = 3 * (y * canvas.width + x);
        for (let channel = 0; channel < 3; channel += 1) {
          canvas.data[at + channel] = Math.round((canvas.data[at + channel] ?? 0) * (1 - opacity) + (colour[channel] ?? 0) * opacity);
        }
      }
    }
  }
}

export interface Overlay extends Pick<TileColours, "grid" | "opacity"> {
  /** One value a tile, row by row. */
  readonly values: ArrayLike<number>;
  readonly low: number;
  readonly high: number;
}

/** Lays a map of values over what is drawn in `area`: dark blue is `low`, yellow `high`. */
export function drawOverlay(canvas: Canvas, area: Box, { values, low, high, ...tiles }: Overlay): void {
  drawTiles(canvas, area, { ...tiles, colourOf: valueColours(values, { low, high }) });
}

/** Colours of values between two ends; what is no number is taken for the lower one. */
export function valueColours(
  values: ArrayLike<number>,
  { low, high }: { readonly low: number; readonly high: number },
): (tile: number) => Rgb {
  const range = high - low || 1;
  return (tile) => {
    const share = ((values[tile] ?? low) - low) / range;
    return cividis(Number.isNaN(share) ? 0 : share);
  };
}

/** Outlines a box: the colour inside a dark casing, so that it shows on every picture. */
export function drawOutline(canvas: Canvas, box: Box, colour: Rgb): void {
  strokeBox(canvas, box, [20, 20, 20]);
  strokeBox(canvas, { left: box.left + 1, top: box.top + 1, width: box.width - 2, height: box.height - 2 }, colour);
  strokeBox(canvas, { left: box.left + 2, top: box.top + 2, width: box.width - 4, height: box.height - 4 }, colour);
}

function strokeBox(canvas: Canvas, { left, top, width, height }: Box, colour: Rgb): void {
  if (width <= 0 || height <= 0) return;
  const put = (x: number, y: number): void => {
    if (x >= 0 && y >= 0 && x < canvas.width && y < canvas.height) canvas.data.set(colour, 3 * (y * canvas.width + x));
  };
  for (let x = left; x < left + width; x += 1) for (const y of [top, top + height - 1]) put(x, y);
  for (let y = top; y < top + height; y += 1) for (const x of [left, left + width - 1]) put(x, y);
}
