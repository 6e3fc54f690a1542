import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkResultOf, measuredOf } from "../../tests/support/checks";
import type { MeasuredCheck } from "./check";
import { countVotes, cutoffInUse, inWordsOf, type VoteReport } from "./vote-report";

type Measures = readonly [MeasuredCheck, ...MeasuredCheck[]];
const reportOf = (measures: Measures): VoteReport => ({
  check: checkResultOf(measures),
  voices: measures.map(({ measure }) => ({ voter: "starter", metric: measure.metric, title: "Starter" })),
  silent: [],
});
const rising = (count: number): number[] => Array.from({ length: count }, (_, index) => index / count);
const alike = [[1, 0.9, 0.9, 0.9], [0.9, 1, 0.9, 0.9], [0.9, 0.9, 1, 0.9], [0.9, 0.9, 0.9, 1]]; // prettier-ignore
const row = (score: number | null) => [score, score, score, score];

describe("a voice", () => {
  test("says yes from the score on that 1 in 100 random pairs reaches", () => {
    const measured = measuredOf({ references: [[1]], candidates: [[0.985], [0.99], [0.5], [null]], random: rising(1000) });
    const { cutoffs, candidates } = countVotes(reportOf([measured]), "mean");
    expect(cutoffs).toEqual([{ usual: 0.99, calibrated: null }]);
    expect(candidates.map(({ readings }) => readings[0])).toEqual([
      { score: 0.985, percentile: 0.985, vote: false },
      { score: 0.99, percentile: 0.99, vote: true },
      { score: 0.5, percentile: 0.5, vote: false },
      { score: null, percentile: null, vote: null },
    ]);
  });

  test("goes by its own calibration where references and impostors allow one", () => {
    const impostors = rising(150).map((score) => row(score / 2));
    const measured = measuredOf({ references: alike, candidates: [0.95, 0.8, 0.3].map(row), impostors, random: rising(1000) });
    const { cutoffs, candidates } = countVotes(reportOf([measured]), "mean");
    expect(cutoffs).toEqual([{ usual: 0.99, calibrated: 0.9 }]);
    expect(candidates.map(({ majority }) => majority)).toEqual(["yes", "no", "no"]);
  });

  test("is silent where the library is too small to say", () => {
    const { cutoffs, candidates } = countVotes(
      reportOf([measuredOf({ references: [[1]], candidates: [[0.9]], random: rising(199) })]),
      "max",
    );
    expect(cutoffs).toEqual([{ usual: null, calibrated: null }]);
    expect(candidates).toEqual([
      { candidate: 0, readings: [{ score: 0.9, percentile: null, vote: null }], majority: null, isDisputed: false },
    ]);
  });
});

test("most decide, half against half is a tie, and who has no score is not counted", () => {
  const voice = (...scores: readonly (number | null)[]): MeasuredCheck =>
    measuredOf({ references: [[1]], candidates: scores.map((score) => [score]), random: rising(200) });
  const { candidates } = countVotes(reportOf([voice(1, 1, 1, null), voice(1, 1, 0, null), voice(1, 0, null, null)]), "mean");
  expect(candidates.map(({ majority, isDisputed }) => [majority, isDisputed])).toEqual([
    ["yes", false],
    ["yes", true],
    ["tie", true],
    [null, false],
  ]);
});

test("beside a check of the same pictures a metric has the cut-off of that check", () => {
  const random = rising(200);
  const voice = measuredOf({ references: [[1]], candidates: [[0.5]], random });
  const shown = measuredOf({ references: [[1]], candidates: [[0.5]], random: random.map((score) => score / 4) });
  const usual = (report: VoteReport) => countVotes(report, "mean").cutoffs[0]?.usual;
  expect(usual(inWordsOf(checkResultOf([shown]), reportOf([voice])))).toBe(0.99 / 4);
  const ofArea = { ...shown, measure: { ...shown.measure, area: "foreground" as const } };
  expect(usual(inWordsOf(checkResultOf([ofArea]), reportOf([voice])))).toBe(0.99);
  const ofMore = measuredOf({ ...shown, candidates: [[0.5], [0.6]] });
  expect(usual(inWordsOf(checkResultOf([ofMore]), reportOf([voice])))).toBe(0.99);
});

test("a vote depends on the order of its voice's scores alone, not on their scale", () => {
  const score = fc.integer({ min: 0, max: 1000 });
  fc.assert(
    fc.property(fc.array(score, { minLength: 200, maxLength: 300 }), fc.array(score, { minLength: 1, maxLength: 20 }), (pairs, scores) => {
      const votes = (scale: (value: number) => number) => {
        const random = pairs.map(scale).sort((a, b) => a - b);
        const measured = measuredOf({ references: [[scale(1000)]], candidates: scores.map((each) => [scale(each)]), random });
        const { candidates, cutoffs } = countVotes(reportOf([measured]), "max");
        for (const { readings } of candidates)
          for (const reading of readings)
            expect(reading.vote).toBe((reading.score ?? 0) >= (cutoffInUse(cutoffs[0] ?? { usual: null, calibrated: null }) ?? 0));
        return candidates.map(({ readings }) => readings.map(({ vote, percentile }) => [vote, percentile]));
      };
      expect(votes((value) => value / 1000)).toEqual(votes((value) => value * 3 - 7));
    }),
    { numRuns: 30 },
  );
});
