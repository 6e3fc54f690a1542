/** @file Keys lead to what lies beside, above or below on screen, through all three columns; who is judged makes room for the next. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { layoutColumn, movedPlace, placeAfterLeaving, placeOf } from "./columns-layout";

const square = (): number => 1;
/** Three tiles a row of 96 pixels in a column of 304 pixels. */
const column = (count: number) => layoutColumn(count, square, 304);
const unscrolled = [0, 0, 0];
const go = (counts: readonly number[], from: readonly [number, number], key: string, scrollTops = unscrolled) =>
  movedPlace(counts.map(column), { column: from[0], index: from[1] }, { key, scrollTops });

test("arrows to the side go through the row, then into the next column that holds anything", () => {
  expect(go([6, 0, 6], [0, 1], "ArrowRight")).toEqual({ column: 0, index: 2 });
  expect(go([6, 0, 6], [0, 2], "ArrowRight")).toEqual({ column: 2, index: 0 });
  expect(go([6, 0, 6], [0, 5], "ArrowRight")).toEqual({ column: 2, index: 3 });
  expect(go([6, 0, 6], [2, 3], "ArrowLeft")).toEqual({ column: 0, index: 5 });
});

test("the row beside is the one that is seen beside", () => {
  const [first] = column(9).rows;
  const oneRow = (first?.height ?? 0) + 32;
  expect(go([9, 9, 0], [0, 2], "ArrowRight", [0, oneRow, 0])).toEqual({ column: 1, index: 3 });
});

test("at the outer edges the order goes on, and ends", () => {
  expect(go([0, 6, 0], [1, 2], "ArrowRight")).toEqual({ column: 1, index: 3 });
  expect(go([0, 6, 0], [1, 5], "ArrowRight")).toEqual({ column: 1, index: 5 });
  expect(go([6, 0, 0], [0, 0], "ArrowLeft")).toEqual({ column: 0, index: 0 });
});

test("up and down stay in the column, Home and End lead to the ends, other keys nowhere", () => {
  expect(go([6, 6, 6], [1, 1], "ArrowDown")).toEqual({ column: 1, index: 4 });
  expect(go([6, 6, 6], [1, 1], "ArrowUp")).toEqual({ column: 1, index: 1 });
  expect(go([0, 6, 4], [1, 3], "Home")).toEqual({ column: 1, index: 0 });
  expect(go([0, 6, 4], [1, 3], "End")).toEqual({ column: 2, index: 3 });
  expect(go([6, 6, 6], [1, 1], "p")).toBeNull();
});

test("no key leads out of what is there", () => {
  const count = fc.integer({ min: 0, max: 40 });
  const key = fc.constantFrom("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End");
  fc.assert(
    fc.property(count, count, count, fc.integer({ min: 0, max: 2 }), fc.nat(), key, (a, b, c, at, place, pressed) => {
      const counts = [a, b, c];
      const here = counts[at] ?? 0;
      fc.pre(here > 0);
      const target = go(counts, [at, place % here], pressed);
      expect(target?.index).toBeGreaterThanOrEqual(0);
      expect(target?.index).toBeLessThan(counts[target?.column ?? -1] ?? 0);
    }),
  );
});

test("after a verdict the next tile of the column is on, else the one before, else the next column", () => {
  const lists = [["a", "b", "c"], [], ["d"]];
  const after = (from: readonly [number, number], ...leaving: readonly string[]) =>
    placeAfterLeaving(lists, { column: from[0], index: from[1] }, new Set(leaving));
  expect(after([0, 1], "b")).toBe("c");
  expect(after([0, 2], "c")).toBe("b");
  expect(after([0, 0], "a", "b", "c")).toBe("d");
  expect(after([2, 0], "d")).toBe("a");
  expect(placeOf(lists, "d")).toEqual({ column: 2, index: 0 });
  expect(placeOf(lists, "e")).toBeNull();
});
