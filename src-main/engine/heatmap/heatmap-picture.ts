/** @file Draws a pair side by side with the map of where the two agree. */
import type { TokenGrid } from "#shared/domain/score";
import { resize } from "../../ml/preprocess/resize";
import type { RawImage } from "../../platform/raw-image";
import { type Box, type Canvas, createCanvas, drawOutline, drawOverlay, drawPicture, tokenBox } from "./canvas";
import type { Rgb } from "./cividis";

const panelHeight = 512;
const widestPanel = 1024;
const gap = 12;
const paper: Rgb = [24, 24, 24];
const outlineColours: readonly Rgb[] = [
  [255, 255, 255],
  [255, 170, 60],
  [90, 200, 250],
  [250, 110, 160],
  [130, 230, 120],
  [240, 230, 90],
  [190, 140, 255],
  [255, 120, 90],
];

/** One side: its picture, its map, and tokens to outline (the same place in both lists gets the same colour). */
export interface HeatmapSide {
  readonly image: RawImage;
  readonly grid: TokenGrid;
  readonly values: ArrayLike<number>;
  readonly outlined: readonly number[];
}

export interface HeatmapRequest {
  readonly a: HeatmapSide;
  readonly b: HeatmapSide;
  /** Values shown at the two ends of the ramp. */
  readonly low: number;
  readonly high: number;
  /** Whether the bare pictures are shown above the maps. */
  readonly showsPictures: boolean;
}

/** The pair as one picture. */
export function drawHeatmap({ a, b, low, high, showsPictures }: HeatmapRequest): RawImage {
  const panels = [a, b].map((side) => fitPanel(side.image));
  const [first, second] = panels as [RawImage, RawImage];
  const rows = showsPictures ? 2 : 1;
  const rowHeight = Math.max(first.height, second.height);
  const canvas = createCanvas(first.width + second.width + 3 * gap, rows * (rowHeight + gap) + gap, paper);
  const lefts = [gap, first.width + 2 * gap];
  for (let row = 0; row < rows; row += 1) {
    const isMap = row === rows - 1;
    for (const [index, side] of [a, b].entries()) {
      const panel = panels[index] ?? first;
      const area: Box = { left: lefts[index] ?? gap, top: gap + row * (rowHeight + gap), width: panel.width, height: panel.height };
      drawPicture(canvas, panel, area);
      if (isMap) drawOverlay(canvas, area, { grid: side.grid, values: side.values, low, high, opacity: 0.6 });
      outline(canvas, side, area);
    }
  }
  return canvas;
}

function outline(canvas: Canvas, { outlined, grid }: HeatmapSide, area: Box): void {
  for (const [index, token] of outlined.entries())
    drawOutline(canvas, tokenBox(token, grid, area), outlineColours[index % outlineColours.length] ?? [255, 255, 255]);
}

/** A picture scaled to the height of a panel, and narrower where it is very wide. */
function fitPanel(image: RawImage): RawImage {
  const scale = Math.min(panelHeight / image.height, widestPanel / image.width);
  const size = { width: Math.max(1, Math.round(image.width * scale)), height: Math.max(1, Math.round(image.height * scale)) };
  return resize(image, size, { filter: "bilinear" });
}
