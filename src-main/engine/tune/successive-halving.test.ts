import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { halvingCost, roundEnds, successiveHalving, type Judgement } from "./successive-halving";

/** Candidates are how often they are right, in percent; the trials are those of a fixed list of draws. */
function judgeBy(draws: readonly number[]) {
  let judgements = 0;
  const judge = (candidates: readonly number[], { from, to }: { from: number; to: number }) => {
    judgements += candidates.length * (to - from);
    return Promise.resolve(candidates.map((skill) => draws.slice(from, to).map((draw): Judgement => ({ margin: draw < skill ? 1 : -1 }))));
  };
  return { judge, count: () => judgements };
}

describe("successive halving", () => {
  test("finds the candidate that is always right, for a fraction of the full search", async () => {
    const draws = Array.from({ length: 64 }, (_, i) => (i * 37) % 100);
    const candidates = Array.from({ length: 64 }, (_, i) => (i === 41 ? 100 : 30 + (i % 30)));
    const { judge, count } = judgeBy(draws);
    const standings = await successiveHalving({ candidates, trials: 64, fewest: 8, judge });
    expect(standings[0]).toMatchObject({ candidate: 100, judged: 64, accuracy: 1 });
    expect(count()).toBe(halvingCost(64, { trials: 64, fewest: 8 }).halved);
    expect(count()).toBeLessThan((64 * 64) / 3);
  });

  test("a tie counts half, and the clearer of two equally right ones wins", async () => {
    const margins: Readonly<Record<string, readonly number[]>> = { tied: [0, 0], vague: [0.1, 2], clear: [1, 1.1] };
    const standings = await successiveHalving({
      candidates: ["tied", "vague", "clear"],
      trials: 2,
      fewest: 2,
      judge: (names) => Promise.resolve(names.map((name) => (margins[name] ?? []).map((margin) => ({ margin })))),
    });
    expect(standings.map(({ candidate, accuracy }) => [candidate, accuracy])).toEqual([
      ["clear", 1],
      ["vague", 1],
      ["tied", 0.5],
    ]);
  });

  test("every candidate has a standing, the best of those that saw every trial is first", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 40 }),
        fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 1, maxLength: 50 }),
        async (candidates, draws) => {
          const { judge, count } = judgeBy(draws);
          const standings = await successiveHalving({ candidates, trials: draws.length, fewest: 4, judge });
          expect(standings.map(({ candidate }) => candidate).sort()).toEqual([...candidates].sort());
          expect(standings[0]?.judged).toBe(draws.length);
          const finalists = standings.filter(({ judged }) => judged === draws.length);
          expect(standings[0]?.accuracy).toBe(Math.max(...finalists.map(({ accuracy }) => accuracy)));
          const cost = halvingCost(candidates.length, { trials: draws.length, fewest: 4 });
          expect(count()).toBe(cost.halved);
          expect(cost.halved).toBeLessThanOrEqual(cost.full);
        },
      ),
    );
  });

  test("rounds double towards all trials", () => {
    expect(roundEnds(64, { trials: 64, fewest: 8 })).toEqual([8, 16, 32, 64]);
    expect(roundEnds(4, { trials: 10, fewest: 8 })).toEqual([8, 10]);
    expect(roundEnds(1, { trials: 10, fewest: 8 })).toEqual([10]);
  });
});
