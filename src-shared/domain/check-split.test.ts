import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { assetIdOf, checkResultOf, measuredOf } from "../../tests/support/checks";
import type { CheckVerdict } from "./check";
import { type CheckSettings, splitCheck, verdictOf } from "./check-split";

const settings: CheckSettings = { combine: "mean", cutoffs: [null, null], byHand: new Map() };
const references = [[1, 0.8, 0.7], [0.8, 1, 0.9], [0.7, 0.9, 1]]; // prettier-ignore
const impostors = Array.from({ length: 150 }, (_, index) => [0.001 * index, 0.002 * index, 0.001 * index]);

test("a score at a cut-off is on its better side; what is unknown is undecided", () => {
  const cutoffs = { accept: 0.6, reject: 0.4 };
  expect([0.6, 0.5999, 0.4, 0.3999].map((score) => verdictOf(score, cutoffs))).toEqual(["accepted", "undecided", "undecided", "rejected"]);
  expect([verdictOf(null, cutoffs), verdictOf(0.9, null)]).toEqual(["undecided", "undecided"]);
});

describe("the split of one measure", () => {
  const candidates = [[0.2, 0.1, 0.1], [0.9, 0.8, 0.95], [null, null, null], [0.5, 0.6, null]]; // prettier-ignore
  const result = checkResultOf([measuredOf({ references, candidates, impostors })], [null, 2]);

  test("is by the suggested cut-offs, best first, each with its nearest reference", () => {
    const { rows, counts, cutoffs, calibrations } = splitCheck(result, settings);
    expect(rows.map(({ candidate, verdict }) => [candidate, verdict])).toEqual([
      [1, "accepted"],
      [3, "undecided"],
      [0, "rejected"],
      [2, "undecided"],
    ]);
    expect(rows.map(({ nearest, isNearCopy }) => [nearest, isNearCopy])).toEqual([[2, true], [1, false], [0, false], [null, false]]); // prettier-ignore
    expect(counts).toEqual({ accepted: 1, undecided: 2, rejected: 1 });
    expect(cutoffs).toEqual([calibrations[0]?.suggested]);
  });

  test("follows given cut-offs, and a person's word beats them", () => {
    const byHand = new Map([[assetIdOf(1), "rejected" as CheckVerdict]]);
    const { rows, counts } = splitCheck(result, { ...settings, cutoffs: [{ accept: 0.1, reject: 0.1 }], byHand });
    expect(rows.map(({ candidate, verdict, isByHand }) => [candidate, verdict, isByHand])).toEqual([
      [1, "rejected", true],
      [3, "accepted", false],
      [0, "accepted", false],
      [2, "undecided", false],
    ]);
    expect(counts).toEqual({ accepted: 2, undecided: 1, rejected: 1 });
  });
});

describe("several measures", () => {
  const style = measuredOf({ references, candidates: [[0.9], [0.92], [0.1], [0.95]], impostors });
  const subject = measuredOf({ references, candidates: [[20], [90], [95], [null]], impostors });

  test("a candidate is as good as its worst measure, and its worst rank orders it", () => {
    const cutoffs = [{ accept: 0.5, reject: 0.3 }, { accept: 80, reject: 30 }]; // prettier-ignore
    const { rows } = splitCheck(checkResultOf([style, subject]), { ...settings, cutoffs });
    expect(rows.map(({ candidate, verdict }) => [candidate, verdict])).toEqual([
      [1, "accepted"],
      [0, "rejected"],
      [2, "rejected"],
      [3, "undecided"],
    ]);
    expect(rows[0]?.scores).toEqual([0.92, 90]);
  });

  test("one measure keeps impostors out; another that cannot tell them from references only finds what is wrong", () => {
    const alike = [[1, 0.2, 0.3], [0.2, 1, 0.1], [0.3, 0.1, 1]]; // prettier-ignore
    const clear = measuredOf({
      references,
      candidates: [[0.9], [0.9], [0.9], [0.35]],
      impostors: impostors.map((row) => row.map((each) => each / 2)),
    });
    const vague = measuredOf({ references: alike, candidates: [[0.1], [-0.9], [0.9], [0.1]], impostors });
    const { rows, calibrations } = splitCheck(checkResultOf([clear, vague]), settings);
    expect(calibrations.map(({ tellsApart }) => tellsApart)).toEqual([true, false]);
    const verdicts = rows.map(({ candidate, verdict }) => [candidate, verdict] as const).sort(([a], [b]) => a - b);
    expect(verdicts).toEqual([[0, "accepted"], [1, "rejected"], [2, "accepted"], [3, "undecided"]]); // prettier-ignore
    const { rows: byGiven } = splitCheck(checkResultOf([clear, vague]), { ...settings, cutoffs: [null, { accept: 0.5, reject: 0 }] });
    expect(byGiven.find(({ candidate }) => candidate === 0)?.verdict).toBe("undecided");
  });

  test("another scale of one of them changes no verdict and no order", () => {
    const score = fc.integer({ min: 0, max: 20 });
    fc.assert(
      fc.property(fc.array(fc.tuple(score, score), { minLength: 1, maxLength: 12 }), (pairs) => {
        const at = (scale: number) => {
          const measures = [0, 1] as const;
          const [first, second] = measures.map((side) =>
            measuredOf({ references: [[1]], candidates: pairs.map((pair) => [pair[side] * (side === 0 ? 1 : scale)]) }),
          );
          const cutoffs = [{ accept: 12, reject: 7 }, { accept: 12 * scale, reject: 7 * scale }]; // prettier-ignore
          const { rows, counts } = splitCheck(checkResultOf([first as never, second as never]), { ...settings, cutoffs });
          return { counts, rows: rows.map(({ candidate, verdict }) => ({ candidate, verdict })) };
        };
        expect(at(1024)).toEqual(at(1));
      }),
    );
  });
});

test("counts add up, whatever is asked for", () => {
  const scores = fc.array(fc.array(fc.option(fc.double({ min: -1, max: 1, noNaN: true })), { minLength: 3, maxLength: 3 }), {
    maxLength: 20,
  });
  fc.assert(
    fc.property(scores, fc.constantFrom("mean", "max", "min", "harmonic", "geometric", "centroid"), (candidates, combine) => {
      const split = splitCheck(checkResultOf([measuredOf({ references, candidates, impostors })]), { ...settings, combine });
      expect(split.counts.accepted + split.counts.undecided + split.counts.rejected).toBe(candidates.length);
      expect([...split.rows].map(({ candidate }) => candidate).sort((a, b) => a - b)).toEqual([...candidates.keys()]);
    }),
  );
});
