/** @file The palette finds a command by its start, a word, a part or its letters, in that order. */
import { expect, test } from "vitest";
import { matchRank, rankByLabel } from "./palette-filter";

test("ranks the start before a word, a part, and scattered letters", () => {
  const items = ["Pause indexing", "Add folder...", "Find the same subject", "Sort: folder"].map((label) => ({ label }));
  expect(rankByLabel(items, "fo").map(({ label }) => label)).toEqual(["Add folder...", "Sort: folder"]);
  expect(rankByLabel(items, "find").map(({ label }) => label)).toEqual(["Find the same subject"]);
  expect(matchRank("Find similar in style", "fss")).toBe(3);
  expect(matchRank("Find similar in style", "zz")).toBeNull();
});

test("empty text keeps everything in its order", () => {
  const items = [{ label: "b" }, { label: "a" }];
  expect(rankByLabel(items, "")).toEqual(items);
});
