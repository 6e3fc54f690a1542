/** @file Counting scores into bins, and smoothing the counts into a curve. */
import type { ValueRange } from "./value-range";

/** Counts per bin of equal width. The upper edge belongs to the last bin; values outside the range and NaN are not counted. */
export function binCounts(values: readonly number[], range: ValueRange, bins: number): Uint32Array {
  const counts = new Uint32Array(bins);
  const width = (range.max - range.min) / bins;
  for (const value of values) {
    if (!(value >= range.min && value <= range.max)) continue;
    const bin = Math.min(bins - 1, Math.floor((value - range.min) / width));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}

/**
 * A Gaussian of `sigma` bins over the counts. Mass that would fall over an edge is folded back, so the sum stays the number of values
 * and a pile of scores at the end of the scale is not drawn as half as high.
 */
export function smoothCounts(counts: ArrayLike<number>, sigma: number): Float64Array {
  const bins = counts.length;
  const reach = Math.ceil(sigma * 3);
  const kernel = Array.from({ length: reach * 2 + 1 }, (_, index) => Math.exp(-0.5 * ((index - reach) / sigma) ** 2));
  const mass = kernel.reduce((sum, weight) => sum + weight, 0);
  const curve = new Float64Array(bins);
  for (let bin = 0; bin < bins; bin++) {
    const count = counts[bin] ?? 0;
    if (count === 0) continue;
    for (let offset = -reach; offset <= reach; offset++) {
      const target = mirrored(bin + offset, bins);
      curve[target] = (curve[target] ?? 0) + (count * (kernel[offset + reach] ?? 0)) / mass;
    }
  }
  return curve;
}

/** Brings an index back into 0..length-1 as if the ends were mirrors. */
function mirrored(index: number, length: number): number {
  const period = length * 2;
  const wrapped = ((index % period) + period) % period;
  return wrapped < length ? wrapped : period - 1 - wrapped;
}

/** Heights 0..1 of a curve, scaled so that its own peak is 1; all zero when there is nothing to show. */
export function normalizedToPeak(curve: Float64Array): Float64Array {
  const peak = curve.reduce((highest, value) => Math.max(highest, value), 0);
  return peak === 0 ? curve : curve.map((value) => value / peak);
}

/** Share of the values that are at least `threshold`; null without values. */
export function shareAtLeast(values: readonly number[], threshold: number): number | null {
  if (values.length === 0) return null;
  let reached = 0;
  for (const value of values) if (value >= threshold) reached++;
  return reached / values.length;
}
