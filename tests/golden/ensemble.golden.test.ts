/** @file The ensemble's votes and the decisions of the published scripts, row by row of their tables. */
import { describe, expect, test } from "vitest";
import { publishedIsTwiceAsNear, publishedPicksA, type PublishedScript } from "#main/ml/metrics/ensemble/published-decisions";
import { majority, nearerOf, voteOf } from "#main/ml/metrics/ensemble/votes";
import { goldenCase } from "../support/goldens";

type Scores = readonly [number, number];
/** 1 where the script counts the triplet as right; by the human label where both labels were tried. */
type Verdict = number | Readonly<Record<string, number>>;

interface VoteRow {
  readonly diffsim: Scores;
  readonly clip: Scores;
  readonly dino: Scores;
  readonly votes: readonly number[];
  readonly picks_ab: boolean;
  readonly result: Readonly<Record<string, Verdict>>;
}

interface DecisionRow {
  readonly metric: string;
  readonly similarity: "cosine" | "mse";
  readonly ab: number;
  readonly ac: number;
  readonly correct: Readonly<Record<string, number | Scores | string>>;
}

const tableOf = <Row>(name: string): readonly Row[] => (goldenCase("ensemble", name).outputs as unknown as { table: readonly Row[] }).table;
const rows = tableOf<VoteRow>("votes");
const scripts: readonly PublishedScript[] = ["cute", "dreambench", "ipref", "night", "style", "tid"];
const publishedVote = ([a, b]: Scores) => voteOf({ a, b }, { mode: "published", direction: "similarity" });

/** Whether choosing a or b is what the label asks for. Scripts without labels always want a. */
function isRight(label: string, picksA: boolean): boolean {
  return (label === "better=1 (second)" || label === "left_vote=0") !== picksA;
}

test("27 combinations of votes", () => expect(rows).toHaveLength(27));

test.each(rows)("$diffsim $clip $dino: votes and majority", (row) => {
  const votes = [row.diffsim, row.clip, row.dino].map(publishedVote);
  expect(votes).toEqual(row.votes);
  expect(majority(votes) === "a").toBe(row.picks_ab);
});

describe.each(scripts)("%s", (script) => {
  test.each(rows)("$diffsim $clip $dino: what the script counts", (row) => {
    const picksA = majority([row.diffsim, row.clip, row.dino].map(publishedVote)) === "a";
    const verdict = row.result[`${script}_main.py`];
    const verdicts = typeof verdict === "object" ? verdict : { "": verdict };
    const counted = Object.keys(verdicts).map((label) => [label, Number(isRight(label, picksA))]);
    expect(Object.fromEntries(counted)).toEqual(verdicts);
  });

  test.each(tableOf<DecisionRow>("single-metric-decisions"))("$metric by $similarity, $ab against $ac", (row) => {
    const published = row.correct[`${script}_main.py`];
    // The style script ends in an AttributeError for metrics that answer a plain number; ours counts them as the cute script does.
    const expected = typeof published === "string" ? row.correct["cute_main.py"] : published;
    const scores = { a: row.ab, b: row.ac };
    const picksA = Number(publishedPicksA(script, row, scores));
    const got = script === "cute" || script === "style" ? [picksA, Number(publishedIsTwiceAsNear(script, row, scores))] : picksA;
    expect(got).toEqual(expected);
  });
});

describe("corrected", () => {
  test("a distance votes for the smaller number, a tie is half a vote, and three halves decide nothing", () => {
    expect(nearerOf({ a: 0.2, b: 0.7 }, "distance")).toBe("a");
    expect(nearerOf({ a: 0.2, b: 0.7 }, "similarity")).toBe("b");
    expect(nearerOf({ a: Number.NaN, b: 0.7 }, "similarity")).toBe("tie");
    expect(voteOf({ a: 0.5, b: 0.5 }, { mode: "corrected", direction: "similarity" })).toBe(0.5);
    expect(majority([0.5, 1, 0])).toBe("tie");
    expect(majority([0.5, 1, 0.5])).toBe("a");
    expect(majority([0, 0.5, 0])).toBe("b");
  });

  test("without ties it decides as the published vote", () => {
    for (const { diffsim, clip, dino, picks_ab: picksA } of rows) {
      if ([diffsim, clip, dino].some(([a, b]) => a === b)) continue;
      const votes = [diffsim, clip, dino].map(([a, b]) => voteOf({ a, b }, { mode: "corrected", direction: "similarity" }));
      expect(majority(votes)).toBe(picksA ? "a" : "b");
    }
  });
});
