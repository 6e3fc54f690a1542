import fc from "fast-check";
import { expect, test } from "vitest";
import { kendallTau, ranking, topRecall } from "./rank-agreement";

const scores = fc.uniqueArray(fc.integer(), { minLength: 2, maxLength: 30 });

test("one pair of six in the other order takes two sixths", () => {
  expect(kendallTau([4, 3, 2, 1], [4, 3, 1, 2])).toBeCloseTo(1 - 2 / 6);
  // Among the best two there is no difference.
  expect(kendallTau([4, 3, 2, 1], [4, 3, 1, 2], 2)).toBe(1);
  expect(kendallTau([1], [5])).toBe(1);
});

test("recall counts what is wanted among what is found", () => {
  expect(ranking([0.1, 0.9, 0.9, 0.5])).toEqual([1, 2, 3, 0]);
  expect(topRecall([4, 3, 2, 1], [1, 2, 3, 4], { wanted: 2, found: 2 })).toBe(0);
  expect(topRecall([4, 3, 2, 1], [1, 2, 3, 4], { wanted: 2, found: 3 })).toBe(0.5);
  expect(topRecall([], [], { wanted: 20, found: 20 })).toBe(1);
});

test("law: an order agrees with itself and with any growing function of it, and disagrees with its reverse", () => {
  fc.assert(
    fc.property(scores, (given) => {
      expect(kendallTau(given, given)).toBe(1);
      expect(
        kendallTau(
          given,
          given.map(Math.atan).map((x, i) => 2 * x + (given[i] as number)),
        ),
      ).toBeCloseTo(1);
      expect(
        kendallTau(
          given,
          given.map((x) => -x),
        ),
      ).toBe(-1);
      expect(topRecall(given, given, { wanted: 5, found: 5 })).toBe(1);
    }),
  );
});
