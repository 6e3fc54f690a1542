/** @file Intervals of means: the printed quantiles of Student's t, and how few numbers widen them. */
import { describe, expect, it } from "vitest";
import { meanInterval, studentQuantile } from "./mean-interval";

describe("studentQuantile", () => {
  it.each([
    [1, 12.706],
    [2, 4.303],
    [3, 3.182],
    [4, 2.776],
    [5, 2.571],
    [9, 2.262],
    [29, 2.045],
    [1000, 1.962],
  ])("is as printed for %i degrees of freedom", (degrees, printed) => {
    expect(Math.abs(studentQuantile(degrees) / printed - 1)).toBeLessThan(0.002);
  });
});

describe("meanInterval", () => {
  it("lies around the mean, and is wider the fewer numbers there are", () => {
    expect(meanInterval([2, 4, 6])).toMatchObject({ mean: 4 });
    const [low, high] = meanInterval([2, 4, 6]).interval ?? [0, 0];
    expect([low, high].map((end) => end.toFixed(2))).toEqual(["-0.97", "8.97"]);
    const [lowOfMany] = meanInterval([2, 4, 6, 2, 4, 6]).interval ?? [0];
    expect(lowOfMany).toBeGreaterThan(low);
  });

  it("says nothing of one number, and is a point where all are equal", () => {
    expect(meanInterval([0.7])).toEqual({ mean: 0.7, interval: null });
    expect(meanInterval([0.5, 0.5, 0.5]).interval).toEqual([0.5, 0.5]);
  });
});
