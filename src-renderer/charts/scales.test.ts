/** @file Laws of ranges and colour ramps. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { legendValues, paintValues, parseHexColor, positionIn, rampTable, rangeOf, symmetricRange, ticksOf, widenTo } from "./scales";

const scores = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { maxLength: 300 });

describe("scales", () => {
  const stops = ["#05224c", "#7e816f", "#ffea62"];

  it("keeps the stops of a ramp and rises in lightness", () => {
    const table = rampTable(stops);
    expect([...table.slice(0, 3)]).toEqual([...parseHexColor("#05224c")]);
    expect([...table.slice(-3)]).toEqual([...parseHexColor("#ffea62")]);
    const lightness = Array.from(
      { length: 256 },
      (_, level) => (table[level * 3] ?? 0) * 0.2126 + (table[level * 3 + 1] ?? 0) * 0.7152 + (table[level * 3 + 2] ?? 0) * 0.0722,
    );
    expect(lightness.every((value, level) => level === 0 || value >= (lightness[level - 1] ?? 0) - 1)).toBe(true);
  });

  it("refuses a colour that is none", () => {
    expect(() => parseHexColor("rgb(1 2 3)")).toThrow(/rgb\(1 2 3\)/);
  });

  it("paints the ends of the range with the ends of the ramp, opaque", () => {
    const pixels = new Uint8ClampedArray(12);
    paintValues([-5, 1, Number.NaN], { min: 0, max: 1 }, rampTable(stops), pixels);
    expect([...pixels]).toEqual([5, 34, 76, 255, 255, 234, 98, 255, 5, 34, 76, 255]);
  });

  it("holds every value in its range, and zero in the middle of a symmetric one", () => {
    fc.assert(
      fc.property(scores, (values) => {
        const range = rangeOf(values);
        expect(range.max).toBeGreaterThan(range.min);
        for (const value of values) expect(positionIn(value, range)).toBeCloseTo((value - range.min) / (range.max - range.min), 9);
        const symmetric = symmetricRange(range);
        expect(positionIn(0, symmetric)).toBeCloseTo(0.5, 9);
      }),
    );
  });

  it("widens to tenths and labels with five values", () => {
    expect(widenTo({ min: 0.234, max: 0.871 }, 0.1)).toEqual({ min: 0.2, max: 0.9 });
    expect(widenTo({ min: 0.2, max: 0.9 }, 0.1)).toEqual({ min: 0.2, max: 0.9 });
    expect(legendValues({ min: -1, max: 1 })).toEqual([-1, -0.5, 0, 0.5, 1]);
    expect(ticksOf({ min: 0.2, max: 0.9 }, 8)).toEqual([0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]);
  });
});
