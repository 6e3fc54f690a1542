import fc from "fast-check";
import { expect, test } from "vitest";
import { checkWeights, combineScores } from "./score-combination";

test("mean, max and min over the wanted references", () => {
  expect(combineScores([0.2, 0.8], [1, 1], "mean")).toBeCloseTo(0.5);
  expect(combineScores([0.2, 0.8], [1, 0.5], "mean")).toBeCloseTo(0.4);
  expect(combineScores([0.2, 0.8], [1, 1], "max")).toBe(0.8);
  expect(combineScores([0.2, 0.8], [1, 1], "min")).toBe(0.2);
});

test("negative references subtract, references of weight 0 do not count", () => {
  expect(combineScores([0.9, 0.5], [1, -0.4], "mean")).toBeCloseTo(0.7);
  expect(combineScores([0.9, 0.5], [1, 0], "min")).toBe(0.9);
  expect(combineScores([0.5], [-1], "max")).toBe(-0.5);
});

test("law: one reference of any positive weight keeps its own score", () => {
  fc.assert(
    fc.property(
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      fc.constantFrom("mean", "max", "min"),
      (score, weight, combine) => {
        expect(combineScores([score], [weight], combine)).toBeCloseTo(score, 12);
      },
    ),
  );
});

test("a question without any weight is refused in one sentence", () => {
  expect(() => checkWeights([0, 0])).toThrow(/nothing to look for/);
});
