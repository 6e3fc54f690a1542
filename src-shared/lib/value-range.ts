/** @file Ranges of values: where a value lies in one, and which one holds them all. */

/** An inclusive range of values; `min` is below `max`. */
export interface ValueRange {
  readonly min: number;
  readonly max: number;
}

/** Where a value lies in a range, 0..1, clamped. NaN lies at 0. */
export function positionIn(value: number, range: ValueRange): number {
  const position = (value - range.min) / (range.max - range.min);
  return position > 0 ? Math.min(1, position) : 0;
}

/** Smallest range that holds every finite value of all lists; a flat list gets a small width, an empty one 0..1. */
export function rangeOf(...lists: readonly ArrayLike<number>[]): ValueRange {
  let min = Infinity;
  let max = -Infinity;
  for (const list of lists) {
    for (let index = 0; index < list.length; index++) {
      const value = list[index] ?? Number.NaN;
      if (!Number.isFinite(value)) continue;
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  if (min > max) return { min: 0, max: 1 };
  return min === max ? { min: min - 0.0005, max: max + 0.0005 } : { min, max };
}

/** Widens a range outwards to multiples of `step`. */
export function widenTo(range: ValueRange, step: number): ValueRange {
  const min = Math.floor(range.min / step + 1e-9) * step;
  const max = Math.ceil(range.max / step - 1e-9) * step;
  const digits = 10;
  return { min: Number(min.toFixed(digits)), max: Number((max > min ? max : min + step).toFixed(digits)) };
}
