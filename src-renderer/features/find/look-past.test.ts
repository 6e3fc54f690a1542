/** @file The answer ordered anew while the slider moves. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { usualAgainstWeights } from "#shared/domain/adjusted-score";
import type { MetricCard } from "#shared/domain/model-card";
import type { Match, SearchEvent } from "#shared/domain/search";
import { askedAgainst, lookPast, otherMetric } from "./look-past";

const against = {
  metric: "starter-subject",
  weight: 0.1,
  spread: { mean: 0.4, deviation: 0.1 },
  againstSpread: { mean: 0.2, deviation: 0.05 },
};
const answerOf = (scores: readonly (readonly [score: number, againstScore: number | null])[], past: SearchEvent["against"] = against) =>
  ({
    against: past,
    matches: scores.map(([score, againstScore], index) => ({
      rank: index + 1,
      score,
      againstScore,
      asset: { id: String(index).padStart(4, "0") },
    })),
  }) as unknown as SearchEvent;
const idsOf = (matches: readonly Match[]): readonly string[] => matches.map(({ asset }) => asset.id);

describe("looking past a property", () => {
  it("moves the pictures that share it back, and leaves every score as it is", () => {
    const answer = answerOf([
      [0.9, 0.4],
      [0.8, 0.2],
      [0.7, null],
    ]);
    expect(idsOf(lookPast(answer, 0))).toEqual(["0000", "0001", "0002"]);
    const moved = lookPast(answer, 0.5);
    expect(idsOf(moved)).toEqual(["0001", "0000", "0002"]);
    expect(moved.map(({ rank, score }) => [rank, score])).toEqual([
      [1, 0.8],
      [2, 0.9],
      [3, 0.7],
    ]);
    expect(moved.map(({ adjusted }) => adjusted?.toFixed(3))).toEqual(["4.000", "3.000", "3.000"]);
  });

  it("keeps the answer as it is where it looks past nothing", () => {
    const answer = answerOf([[0.2, null]], null);
    expect(lookPast(answer, 0.5)).toBe(answer.matches);
  });

  it("is a permutation, best adjusted first, at every weight", () => {
    const score = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(score, fc.option(score))), fc.double({ min: 0, max: 1, noNaN: true }), (scores, weight) => {
        const answer = answerOf(scores);
        const moved = lookPast(answer, weight);
        expect([...idsOf(moved)].sort()).toEqual(idsOf(answer.matches));
        for (const [index, match] of moved.entries())
          expect(match.adjusted ?? Number.NaN).toBeLessThanOrEqual(moved[index - 1]?.adjusted ?? Infinity);
      }),
    );
  });
});

describe("the metric that is looked past", () => {
  const card = (metric: string, question: MetricCard["question"], state: MetricCard["state"], measured = 5): MetricCard =>
    ({ metric, question, state, measured, total: 5 }) as MetricCard;
  const style = card("starter-style", "style", "ready");
  const subject = card("starter-subject", "instance", "ready");
  const cards = [style, subject, card("clip-i", "semantic", "needs-model", 0)];

  it("is the thing for a style, the style for a thing and its kind", () => {
    expect(otherMetric(cards, style)?.metric).toBe("starter-subject");
    expect(otherMetric(cards, subject)?.metric).toBe("starter-style");
    expect(otherMetric(cards, cards[2] ?? null)?.metric).toBe("starter-style");
    expect(otherMetric([style], style)).toBeNull();
    expect(otherMetric(cards, null)).toBeNull();
  });

  it("is asked for at the usual weight whatever the slider says, and not at 0 or where it is not measured", () => {
    expect(askedAgainst(0.7, style, subject)).toEqual({ metric: "starter-subject", weight: usualAgainstWeights.style });
    expect(askedAgainst(0, style, subject)).toBeNull();
    expect(askedAgainst(0.7, style, { ...subject, measured: 0 })).toBeNull();
    expect(askedAgainst(0.7, style, null)).toBeNull();
  });
});
