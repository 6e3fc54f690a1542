/** @file Where a handle over a plot of scores goes: by a key, by the pointer, and never past the other handle. Pure. */
import type { ValueRange } from "./scales";

interface KeyPress {
  readonly key: string;
  readonly shiftKey: boolean;
}

/** A score rounded to thousandths and kept inside the range. */
export function withinRange(value: number, { min, max }: ValueRange): number {
  return Math.min(max, Math.max(min, Math.round(value * 1000) / 1000));
}

/** The score at a place of the plot, 0..1 from its left edge. */
export function valueAt(place: number, range: ValueRange): number {
  return withinRange(range.min + place * (range.max - range.min), range);
}

/** Where a key moves a handle: arrows by 0.01, with Shift by 0.001, Home and End to the ends. null for any other key. */
export function keyTarget({ key, shiftKey }: KeyPress, value: number, range: ValueRange): number | null {
  const step = shiftKey ? 0.001 : 0.01;
  switch (key) {
    case "ArrowRight":
    case "ArrowUp":
      return withinRange(value + step, range);
    case "ArrowLeft":
    case "ArrowDown":
      return withinRange(value - step, range);
    case "Home":
      return range.min;
    case "End":
      return range.max;
    default:
      return null;
  }
}

/** Two handles over one scale; `low` is never above `high`. */
export interface HandlePair {
  readonly low: number;
  readonly high: number;
}
export type HandleName = keyof HandlePair;

/** Moves one of two handles; it stops at the other one. */
export function movedPair(pair: HandlePair, handle: HandleName, value: number): HandlePair {
  return handle === "low" ? { ...pair, low: Math.min(value, pair.high) } : { ...pair, high: Math.max(value, pair.low) };
}

/** The handle nearer to a score. Where both lie on one spot, the side of the score decides. */
export function nearerHandle({ low, high }: HandlePair, value: number): HandleName {
  const toLow = Math.abs(value - low);
  const toHigh = Math.abs(value - high);
  if (toLow === toHigh) return value < low ? "low" : "high";
  return toLow < toHigh ? "low" : "high";
}
