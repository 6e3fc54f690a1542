import { expect, test } from "vitest";
import type { BenchmarkSet } from "#shared/domain/benchmark";
import { chosenSet, filterOf, filterText, trustSearchSchema } from "./trust-search";

test.each([
  ["all", { kind: "all" }],
  ["vote-wrong", { kind: "vote-wrong" }],
  ["wrong:clip-i", { kind: "wrong", metric: "clip-i" }],
  ["right:clip-i+diffsim-s", { kind: "right", metrics: ["clip-i", "diffsim-s"] }],
  ["right:", { kind: "right", metrics: [] }],
  ["disagree", { kind: "disagree" }],
] as const)("the filter %s", (text, filter) => {
  expect(filterOf(text)).toEqual(filter);
  expect(filterText(filterOf(text))).toBe(text);
});

test("what is no filter, or no number, is the usual one", () => {
  expect([filterOf(undefined), filterOf("wrong:"), filterOf("what")].map(({ kind }) => kind)).toEqual(["disagree", "disagree", "disagree"]);
  expect(trustSearchSchema.parse({ at: -1, set: 7 })).toEqual({ set: "7" });
});

test("the set of the address, one's own by another id, else the first that was run", () => {
  const set = (id: string, kind: BenchmarkSet["kind"], isRun: boolean): BenchmarkSet => ({
    ...{ id, kind, title: id, folder: null, layout: null, triplets: 1, partial: null, notes: [], skipped: [], jobId: null },
    latest: isRun ? { metric: "clip-i", accuracy: 1, judged: 1, finishedMs: 1 } : null,
  });
  const sets = [set("nights-1", "layout", false), set("sample-1", "labels", true), set("own-2", "own", false)];
  expect(["nights-1", "own-1", "gone", undefined].map((asked) => chosenSet(sets, asked)?.id)).toEqual([
    "nights-1",
    "own-2",
    "sample-1",
    "sample-1",
  ]);
  expect(chosenSet([], "x")).toBeNull();
});
