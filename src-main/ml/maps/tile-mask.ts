/** @file Which tiles take part: tiles of a deep layer that hold the model's own book-keeping more than the picture can be left out. */
import type { TokenGrid } from "#shared/domain/score";
import { norm } from "../tensor/linear-algebra";
import { type FeatureMap, tileCount, tileVector } from "./feature-map";

/** One byte a tile, row by row: 1 takes part, 0 does not. */
export type TileMask = Uint8Array;

/** Length of every tile's vector, [rows * columns]. */
export function tileNorms(map: FeatureMap): Float32Array {
  return Float32Array.from({ length: tileCount(map) }, (_, tile) => norm(tileVector(map, tile)));
}

/** How many deviations above the usual length a vector may be, in the middle and at the border of the picture. */
const limitInside = 6;
const limitAtBorder = 3;
/** A deviation is never less than this share of the usual length, or an even picture would have anomalies. */
const leastDeviation = 0.05;
/** Fewer lengths than these tell nothing of what is usual. */
const fewestInside = 9;
/** The deviation of normally distributed numbers by the median of their distances from the median. */
const deviationPerMad = 1.4826;

/**
 * The mask that leaves out anomalous tiles: vectors far longer than the picture's usual ones, as diffusion models have them in corners and along borders of
 * their deep blocks.
 *
 *   usual      the median length of the tiles that do not touch the border, or of all tiles where fewer than nine are left
 *   deviation  1.4826 times the median distance of those lengths from it, and at least 5 % of it
 *   anomalous  longer than usual + 6 deviations; at the border and in the corners, than usual + 3 deviations
 *
 * Source of the observation: J. Loos, thesis on the representations of Stable Diffusion; the limits are ours.
 */
export function maskAnomalies(map: FeatureMap): TileMask {
  const norms = tileNorms(map);
  const isBorder = Array.from(norms, (_, tile) => touchesBorder(map, tile));
  const inside = norms.filter((_, tile) => isBorder[tile] === false);
  const reference = inside.length >= fewestInside ? inside : norms;
  const usual = median(reference);
  const deviation = Math.max(deviationPerMad * median(reference.map((length) => Math.abs(length - usual))), leastDeviation * usual);
  return Uint8Array.from(norms, (length, tile) => {
    const limit = isBorder[tile] === true ? limitAtBorder : limitInside;
    return length <= usual + limit * deviation ? 1 : 0;
  });
}

/** Whether a tile, counted row by row, lies in the first or last row or column. */
export function touchesBorder({ rows, columns }: TokenGrid, tile: number): boolean {
  const row = Math.floor(tile / columns);
  const column = tile % columns;
  return row === 0 || column === 0 || row === rows - 1 || column === columns - 1;
}

function median(values: Float32Array): number {
  const sorted = values.toSorted();
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
