import fc from "fast-check";
import { expect, test } from "vitest";
import { kendallTau } from "./rank-agreement";

const scores = fc.uniqueArray(fc.integer(), { minLength: 2, maxLength: 30 });

test("one pair of six in the other order takes two sixths", () => {
  expect(kendallTau([4, 3, 2, 1], [4, 3, 1, 2])).toBeCloseTo(1 - 2 / 6);
  // Among the best two there is no difference.
  expect(kendallTau([4, 3, 2, 1], [4, 3, 1, 2], 2)).toBe(1);
  expect(kendallTau([1], [5])).toBe(1);
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
    }),
  );
});
