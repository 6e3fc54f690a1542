/** @file Numbers to colours and back to axis labels. Colours come from the theme's tokens, so a map follows the theme. */
import { scaleLinear } from "d3-scale";
import type { ValueRange } from "#shared/lib/value-range";

export { positionIn, rangeOf, type ValueRange, widenTo } from "#shared/lib/value-range";

/** Red, green and blue, 0..255. */
export type Rgb = readonly [number, number, number];

/** `sequential` shows order; `diverging` has a neutral middle and is only for values where zero has a meaning. */
export type RampName = "sequential" | "diverging";

/** Colours of a ramp: `table[3 * level + channel]` with level 0..255, red first. */
export type RampTable = Uint8ClampedArray;

const rampLevels = 256;
const stopsPerRamp = 11;
const tokenPrefix: Readonly<Record<RampName, string>> = { sequential: "--heat-", diverging: "--div-" };

/** Reads `#rrggbb`. Throws on anything else, because a wrong token would paint a wrong map. */
export function parseHexColor(text: string): Rgb {
  const digits = /^#([0-9a-f]{6})$/i.exec(text.trim())?.[1];
  if (digits === undefined) throw new Error(`Not a #rrggbb colour: "${text}"`);
  const value = Number.parseInt(digits, 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** Spreads evenly spaced colour stops over 256 levels, linear in between. The stops are equal OKLab steps, so lightness stays monotonic. */
export function rampTable(stops: readonly string[]): RampTable {
  const colors = stops.map(parseHexColor);
  const last = colors.length - 1;
  if (last < 1) throw new Error("A ramp needs at least two stops");
  const table = new Uint8ClampedArray(rampLevels * 3);
  for (let level = 0; level < rampLevels; level++) {
    const place = (level / (rampLevels - 1)) * last;
    const lower = Math.min(Math.floor(place), last - 1);
    const share = place - lower;
    for (let channel = 0; channel < 3; channel++) {
      const from = colors[lower]?.[channel] ?? 0;
      const to = colors[lower + 1]?.[channel] ?? 0;
      table[level * 3 + channel] = from + (to - from) * share;
    }
  }
  return table;
}

/** The eleven stops of a ramp as the theme defines them (`--heat-0` .. `--heat-10`, `--div-0` .. `--div-10`). */
export function readRampStops(name: RampName, element: Element): readonly string[] {
  const style = getComputedStyle(element);
  return Array.from({ length: stopsPerRamp }, (_, index) => style.getPropertyValue(`${tokenPrefix[name]}${index}`).trim());
}

/** Range with zero in its middle, so that the neutral colour of a diverging ramp means zero. */
export function symmetricRange(range: ValueRange): ValueRange {
  const reach = Math.max(Math.abs(range.min), Math.abs(range.max), 0.0005);
  return { min: -reach, max: reach };
}

/** Round tick values inside a range, about `count` of them. */
export function ticksOf(range: ValueRange, count: number): readonly number[] {
  return scaleLinear().domain([range.min, range.max]).ticks(count);
}

/** Five values that label a ramp: both ends and the quarters. */
export function legendValues(range: ValueRange): readonly number[] {
  return [0, 0.25, 0.5, 0.75, 1].map((share) => range.min + (range.max - range.min) * share);
}

/** Paints `values` as RGBA pixels, opaque. `pixels` holds 4 bytes a value. */
export function paintValues(values: ArrayLike<number>, range: ValueRange, table: RampTable, pixels: Uint8ClampedArray): void {
  const scale = 1 / (range.max - range.min);
  for (let index = 0; index < values.length; index++) {
    const position = ((values[index] ?? range.min) - range.min) * scale;
    const level = position > 0 ? Math.round(Math.min(1, position) * (rampLevels - 1)) : 0;
    pixels[index * 4] = table[level * 3] ?? 0;
    pixels[index * 4 + 1] = table[level * 3 + 1] ?? 0;
    pixels[index * 4 + 2] = table[level * 3 + 2] ?? 0;
    pixels[index * 4 + 3] = 255;
  }
}
