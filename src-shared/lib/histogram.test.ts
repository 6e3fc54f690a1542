/** @file Laws of counting and smoothing. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { binCounts, normalizedToPeak, shareAtLeast, smoothCounts } from "./histogram";

const scores = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { maxLength: 300 });

describe("histogram", () => {
  it("counts every value of the range exactly once", () => {
    fc.assert(
      fc.property(scores, fc.integer({ min: 1, max: 120 }), (values, bins) => {
        const counts = binCounts(values, { min: -1, max: 1 }, bins);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(values.length);
      }),
    );
  });

  it("puts the upper edge in the last bin and leaves out what lies outside", () => {
    expect([...binCounts([0, 0.5, 1, 1.2, -0.1, Number.NaN], { min: 0, max: 1 }, 2)]).toEqual([1, 2]);
  });

  it("smooths without gaining or losing mass", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 96 }), (counts) => {
        const total = counts.reduce((sum, count) => sum + count, 0);
        const smooth = smoothCounts(counts, 1.5);
        expect(smooth.reduce((sum, value) => sum + value, 0)).toBeCloseTo(total, 6);
        expect(Math.min(...smooth)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it("scales a curve to a peak of one and leaves an empty one alone", () => {
    expect(Math.max(...normalizedToPeak(Float64Array.of(1, 4, 2)))).toBe(1);
    expect([...normalizedToPeak(new Float64Array(3))]).toEqual([0, 0, 0]);
  });

  it("says which share reaches a threshold", () => {
    expect(shareAtLeast([0.1, 0.2, 0.3, 0.4], 0.3)).toBe(0.5);
    expect(shareAtLeast([], 0.3)).toBeNull();
  });
});
