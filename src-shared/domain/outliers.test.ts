/** @file Scores that stand out: by the spread of the others alone, on any scale and in any order. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lowOutliers, meansWithOthers } from "./outliers";

/** Whole numbers, so that scaling and shifting them is exact. */
const scores = fc.array(fc.integer({ min: -1000, max: 1000 }), { maxLength: 40 });

describe("lowOutliers", () => {
  it("finds the picture that is not like the others", () => {
    expect(lowOutliers([0.84, 0.86, 0.85, 0.61, 0.85, 0.83, 0.87])).toEqual([3]);
    expect(lowOutliers([0.84, 0.86, 0.4, 0.61, 0.85, 0.83, 0.87, 0.85, 0.86])).toEqual([2, 3]);
  });

  it("finds it among copies of one picture, and nothing where all are alike", () => {
    expect(lowOutliers([0.9, 0.9, 0.9, 0.9, 0.9, 0.5, 0.9])).toEqual([5]);
    expect(lowOutliers(Array<number>(10).fill(0.7))).toEqual([]);
  });

  it("never takes a high score, and says nothing of few", () => {
    expect(lowOutliers([0.5, 0.51, 0.49, 0.5, 0.52, 0.48, 0.99])).toEqual([]);
    expect(lowOutliers([0.9, 0.9, 0.9, 0.9, 0.1])).toEqual([]);
    expect(lowOutliers([0.9, 0.9, 0.9, 0.9, null, 0.1])).toEqual([]);
  });

  it("is the same on any scale", () => {
    fc.assert(
      fc.property(scores, fc.constantFrom(0.25, 2, 64), fc.integer({ min: -100, max: 100 }), (all, factor, shift) => {
        expect(lowOutliers(all.map((score) => score * factor + shift))).toEqual(lowOutliers(all));
      }),
    );
  });

  it("does not depend on the order, and names less than half", () => {
    fc.assert(
      fc.property(scores, (all) => {
        const found = lowOutliers(all).map((index) => all[index]);
        const turned = [...all].reverse();
        expect(lowOutliers(turned).map((index) => turned[index])).toEqual(found);
        expect(found.length).toBeLessThanOrEqual(all.length / 2);
      }),
    );
  });
});

describe("meansWithOthers", () => {
  it("leaves the picture itself and pairs without a score out", () => {
    const matrix = [
      [1, 0.5, 0.7],
      [0.5, 1, null],
      [0.7, null, 1],
    ];
    expect(meansWithOthers(matrix)).toEqual([0.6, 0.5, 0.7]);
    expect(meansWithOthers([[1]])).toEqual([null]);
  });
});
