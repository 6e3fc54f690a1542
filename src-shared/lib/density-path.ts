/** @file Curves of a histogram as SVG paths, and where their labels go. */

export interface PlotSize {
  readonly width: number;
  /** From the top of the plot to its base line. */
  readonly height: number;
}

/** An open path through the bin centres. `share` 1 lets the highest bin reach the top. */
export function densityPath(heights: ArrayLike<number>, { width, height }: PlotSize, share = 1): string {
  const points = Array.from({ length: heights.length }, (_, bin) => {
    const x = ((bin + 0.5) / heights.length) * width;
    const y = height - (heights[bin] ?? 0) * height * share;
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  });
  return points.length === 0 ? "" : `M0 ${height}L${points.join("L")}L${width} ${height}`;
}

/** Where a curve falls below `level` to the left and right of its peak, in 0..1 of the width; null for a curve without mass. */
export function flanks(heights: ArrayLike<number>, level: number): { readonly left: number; readonly right: number } | null {
  const bins = heights.length;
  let peak = 0;
  for (let bin = 0; bin < bins; bin++) if ((heights[bin] ?? 0) > (heights[peak] ?? 0)) peak = bin;
  const top = heights[peak] ?? 0;
  if (!(top > 0)) return null;
  let left = peak;
  let right = peak;
  while (left > 0 && (heights[left] ?? 0) > top * level) left--;
  while (right < bins - 1 && (heights[right] ?? 0) > top * level) right++;
  return { left: left / bins, right: (right + 1) / bins };
}

/** The highest value of a curve between two places of the width, 0..1. */
export function highestIn(heights: ArrayLike<number>, { from, to }: { readonly from: number; readonly to: number }): number {
  let highest = 0;
  const last = Math.min(heights.length - 1, Math.ceil(to * heights.length));
  for (let bin = Math.max(0, Math.floor(from * heights.length)); bin <= last; bin++) highest = Math.max(highest, heights[bin] ?? 0);
  return highest;
}
