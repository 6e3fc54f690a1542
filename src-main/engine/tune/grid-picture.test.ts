import { expect, test } from "vitest";
import { cividis } from "../heatmap/cividis";
import { drawSettingGrid } from "./grid-picture";

const standing = (tap: string, step: string, accuracy: number) => ({
  candidate: { labels: { tap, step, size: "64" }, options: {} },
  accuracy,
  judged: 8,
  rounds: 1,
});

test("a row per tap, a column per step in the order of their numbers, guessing dark and the best outlined", () => {
  const picture = drawSettingGrid([
    standing("b", "900", 1),
    standing("a", "100", 0.5),
    standing("a", "900", 0.75),
    standing("b", "100", 0),
  ]);
  expect([picture.width, picture.height]).toEqual([2 * 48 + 24, 2 * 48 + 24]);
  const at = (column: number, row: number, inset = 24) => {
    const offset = 3 * (picture.width * (12 + 48 * row + inset) + 12 + 48 * column + inset);
    return [...picture.data.subarray(offset, offset + 3)];
  };
  expect(at(0, 0)).toEqual([...cividis(0)]);
  expect(at(1, 0)).toEqual([...cividis(0.5)]);
  expect(at(1, 1)).toEqual([...cividis(1)]);
  expect(at(0, 1)).toEqual([...cividis(0)]);
  expect(at(1, 1, 1)).toEqual([255, 255, 255]);
});
