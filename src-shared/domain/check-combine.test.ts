import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CheckCombine } from "./check";
import { combinedScores, combineReferences, leaveOneOut } from "./check-combine";
import { measuredOf } from "../../tests/support/checks";

const cosine = fc.double({ min: -1, max: 1, noNaN: true });
const cosines = fc.array(cosine, { minLength: 1, maxLength: 12 });
const middles: readonly CheckCombine[] = ["mean", "max", "min", "harmonic", "geometric"];
const slack = 1e-9;

function combined(scores: readonly (number | null)[], combine: CheckCombine): number {
  return combineReferences([...scores], combine, null) ?? Number.NaN;
}

describe("scores against several references", () => {
  test("lie as means do: min <= harmonic <= geometric <= mean <= max", () => {
    fc.assert(
      fc.property(cosines, (scores) => {
        const ordered = (["min", "harmonic", "geometric", "mean", "max"] as const).map((combine) => combined(scores, combine));
        for (const [index, value] of ordered.entries()) expect(value).toBeGreaterThanOrEqual((ordered[index - 1] ?? -1) - slack);
        expect([ordered[0], ordered[4]]).toEqual([Math.min(...scores), Math.max(...scores)]);
      }),
    );
  });

  test("are the same to the last bit in any order, and equal scores are their own middle", () => {
    fc.assert(
      fc.property(fc.constantFrom(...middles), cosines, fc.nat(), cosine, (combine, scores, turn, score) => {
        const turned = scores.map((_, index) => scores[(index + turn) % scores.length] ?? 0).reverse();
        expect(combined(turned, combine)).toBe(combined(scores, combine));
        expect(
          combined(
            scores.map(() => score),
            combine,
          ),
        ).toBe(score);
      }),
    );
  });

  test("grow with each of them", () => {
    fc.assert(
      fc.property(fc.constantFrom(...middles), cosines, fc.double({ min: 0, max: 1, noNaN: true }), (combine, scores, more) => {
        const raised = scores.map((score, index) => (index === 0 ? Math.min(1, score + more) : score));
        expect(combined(raised, combine)).toBeGreaterThanOrEqual(combined(scores, combine) - slack);
      }),
    );
  });

  test("count where they are known, and an unlike reference is felt as its mode says", () => {
    expect(combineReferences([null, 0.4, null], "mean", null)).toBe(0.4);
    expect(combineReferences([null, null], "max", 0.9)).toBeNull();
    expect(combineReferences([], "min", null)).toBeNull();
    expect(combineReferences([0.2, 0.6], "centroid", 0.5)).toBe(0.5);
    expect(combineReferences([0.2, 0.6], "centroid", null)).toBeNull();
    expect(combined([0.2, 0.6], "mean")).toBeCloseTo(0.4, 12);
    expect(combined([0.2, 0.6], "geometric")).toBeCloseTo(2 * Math.sqrt(0.6 * 0.8) - 1, 12);
    expect(combined([0.2, 0.6], "harmonic")).toBeCloseTo(2 * ((2 * 0.6 * 0.8) / 1.4) - 1, 12);
    expect(combined([-1, 1], "geometric")).toBe(-1);
    expect(combined([-1, 1], "harmonic")).toBe(-1);
  });
});

describe("near-duplicates among the references", () => {
  const alone = measuredOf({ references: [[1, 0.8], [0.8, 1]], candidates: [[0.5, 0.3]], impostors: [[0.1, 0.2]] }); // prettier-ignore
  const twice = measuredOf({
    references: [
      [1, 1, 0.8],
      [1, 1, 0.8],
      [0.8, 0.8, 1],
    ],
    groups: [0, 0, 1],
    candidates: [[0.5, 0.5, 0.3]],
    impostors: [[0.1, 0.1, 0.2]],
  });

  test.each(middles)("count as one: %s", (combine) => {
    expect(combinedScores(twice, "candidates", combine)).toEqual(combinedScores(alone, "candidates", combine));
    expect(combinedScores(twice, "impostors", combine)).toEqual(combinedScores(alone, "impostors", combine));
    expect(leaveOneOut(twice, combine)).toEqual([0.8, 0.8, 0.8]);
  });

  test("a reference alone has nothing to be left out from", () => {
    expect(leaveOneOut(measuredOf({ references: [[1]] }), "mean")).toEqual([null]);
    expect(leaveOneOut(measuredOf({ references: [[1, 1], [1, 1]], groups: [0, 0] }), "mean")).toEqual([null, null]); // prettier-ignore
  });
});

test("the middle of the references has its own scores", () => {
  const measured = measuredOf({
    references: [
      [1, 0.8],
      [0.8, 1],
    ],
    candidates: [
      [0.5, 0.3],
      [0.1, null],
    ],
    impostors: [[0.1, 0.2]],
    centroid: { references: [0.81, 0.82], candidates: [0.45, null], impostors: [0.15] },
  });
  expect(leaveOneOut(measured, "centroid")).toEqual([0.81, 0.82]);
  expect(combinedScores(measured, "candidates", "centroid")).toEqual([0.45, null]);
  expect(combinedScores(measured, "impostors", "centroid")).toEqual([0.15]);
});
