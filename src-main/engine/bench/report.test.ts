import { describe, expect, test } from "vitest";
import type { PairOfScores } from "../../ml/metrics/ensemble/votes";
import { decisionTable } from "./decision-table";
import type { BenchMetric } from "./triplet-scorer";
import { type ReportRequest, reportOf } from "./report";

const metric = (name: string): BenchMetric => ({ name, model: { path: null, name: "x", sha256: "0" }, companions: {}, options: {} });

interface Row {
  readonly choice: "a" | "b";
  readonly group?: string;
  readonly scores: Readonly<Record<string, readonly [number, number]>>;
}

function request(rows: readonly Row[], changes: Partial<ReportRequest> = {}): ReportRequest {
  const names = Object.keys(rows[0]?.scores ?? {});
  const judged = rows.map(({ choice, group = null, scores }) => ({
    triplet: { reference: "r", a: "a", b: "b", choice, prompt: null, group },
    scores: new Map(Object.entries(scores).map(([name, [a, b]]): [string, PairOfScores] => [name, { a, b }])),
  }));
  return {
    run: { name: "run", judged, skipped: [], recipes: new Map(), manifest: "m" },
    metrics: names.map(metric),
    voters: [],
    layout: "tid2013",
    dataset: "/set",
    mode: "corrected",
    seed: 1,
    notes: [],
    ...changes,
  };
}

test("a similarity takes the larger score, a distance the smaller, and ties are not right", () => {
  const rows: readonly Row[] = [
    { choice: "a", group: "one", scores: { "clip-i": [2, 1], lpips: [2, 1] } },
    { choice: "b", group: "one", scores: { "clip-i": [2, 1], lpips: [2, 1] } },
    { choice: "a", group: "two", scores: { "clip-i": [1, 1], lpips: [Number.NaN, 1] } },
  ];
  const { metrics, mcnemar, triplets } = reportOf(request(rows));
  expect(triplets).toBe(3);
  expect(metrics["clip-i"]).toMatchObject({ correct: 1, total: 3, ties: 1, accuracy: 1 / 3, published: 0.9033 });
  expect(metrics["lpips"]).toMatchObject({ correct: 1, total: 3, ties: 1, published: 0.945 });
  expect(metrics["lpips"]?.groups).toMatchObject({ one: { correct: 1, total: 2, ties: 0 }, two: { correct: 0, total: 1, ties: 1 } });
  expect(mcnemar).toEqual([{ a: "clip-i", b: "lpips", onlyA: 1, onlyB: 1, p: 1 }]);
});

test("in published mode the script's own count stands beside: it takes a distance for a similarity on TID2013", () => {
  const rows: readonly Row[] = [
    { choice: "a", scores: { lpips: [1, 3] } },
    { choice: "a", scores: { lpips: [1, 3] } },
    { choice: "a", scores: { lpips: [3, 1] } },
  ];
  const published = reportOf(request(rows, { mode: "published" })).metrics["lpips"];
  expect(published).toMatchObject({ correct: 2, asPublished: { correct: 1, accuracy: 1 / 3 } });
  expect(published?.asPublished).not.toHaveProperty("twiceAsNear");
  const style = reportOf(request(rows, { mode: "published", layout: "sref" })).metrics["lpips"];
  expect(style?.asPublished).toEqual({ correct: 2, accuracy: 2 / 3, twiceAsNear: 2 });
  expect(reportOf(request(rows)).metrics["lpips"]).not.toHaveProperty("asPublished");
});

test("decisions as a table", () => {
  const rows: readonly Row[] = [{ choice: "a", group: "one, two", scores: { "clip-i": [2, 1], lpips: [2, 1.5] } }];
  expect(decisionTable(request(rows, { voters: ["clip-i", "lpips"] })).split("\r\n")).toEqual([
    "reference,a,b,choice,prompt,group,clip-i a,clip-i b,clip-i chose,lpips a,lpips b,lpips chose,ensemble chose",
    'r,a,b,a,,"one, two",2,1,a,2,1.5,b,tie',
    "",
  ]);
});

describe("the ensemble", () => {
  const voters = ["diffsim-s", "clip-i", "dinov2-cls"];
  const tie = [1, 1] as const;
  const rows: readonly Row[] = [
    { choice: "a", scores: { "diffsim-s": [2, 1], "clip-i": [2, 1], "dinov2-cls": [1, 2] } },
    { choice: "a", scores: { "diffsim-s": [1, 2], "clip-i": [2, 1], "dinov2-cls": tie } },
    { choice: "b", scores: { "diffsim-s": [1, 2], "clip-i": [1, 2], "dinov2-cls": [1, 2] } },
  ];

  test("two of three decide, a tie is half a vote", () => {
    const report = reportOf(request(rows, { voters }));
    expect(report.metrics["ensemble"]).toMatchObject({ correct: 2, ties: 1, total: 3, model: null, published: 0.95 });
    expect(report.ensemble).toEqual({ voters, unanimous: 1, split: 2 });
    expect(report.mcnemar).toHaveLength(6);
  });

  test("of others has no published figure", () => {
    const report = reportOf(request(rows, { voters: ["diffsim-s", "clip-i"] }));
    expect(report.metrics["ensemble"]?.published).toBeNull();
    expect(report.metrics["clip-i"]?.published).toBe(0.9033);
  });

  test("as published, a tie is a vote for the first", () =>
    expect(reportOf(request(rows, { voters, mode: "published" })).metrics["ensemble"]).toMatchObject({ correct: 3, ties: 0 }));
});
