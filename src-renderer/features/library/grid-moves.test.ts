/** @file Keys move by what the eye sees and stay within the list. */
import { expect, test } from "vitest";
import { justifiedRows } from "../../lib/justified-rows";
import { type GridMove, moveTarget } from "./grid-moves";

const options = { count: 20, aspectOf: () => 1, width: 620, targetHeight: 150, gap: 6 };
const layout = { ...options, rows: justifiedRows(options) };
const from = (index: number, key: string) => moveTarget(key as GridMove, { layout, index, count: 20, pageHeight: 320 });

test.each([
  ["ArrowRight", 3, 4],
  ["ArrowLeft", 0, 0],
  ["ArrowDown", 1, 5],
  ["ArrowUp", 6, 2],
  ["ArrowDown", 18, 18],
  ["Home", 9, 0],
  ["End", 9, 19],
  ["PageDown", 1, 8],
  ["PageUp", 9, 0],
])("%s from %i leads to %i", (key, index, target) => {
  expect(from(index, key)).toBe(target);
});

test("other keys are no moves", () => {
  expect(from(3, "f")).toBeNull();
});
