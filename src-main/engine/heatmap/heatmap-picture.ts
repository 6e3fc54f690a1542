/** @file Draws a pair side by side with the map of where the two agree. */
import type { TokenGrid } from "#shared/domain/score";
import type { RawImage } from "../../platform/raw-image";
import { type Box, valueColours } from "./canvas";
import { drawMaps } from "./map-picture";

/** One side: its picture, its map, and tokens to outline (the same place in both lists gets the same colour). */
export interface HeatmapSide {
  readonly image: RawImage;
  /** The part of the picture the grid covers, in its pixels. */
  readonly area: Box;
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
  const panels = [a, b].map(({ values, ...side }) => ({ ...side, colourOf: valueColours(values, { low, high }), opacity: 0.6 }));
  return drawMaps(panels, { showsPictures, isGreyBelow: false });
}
