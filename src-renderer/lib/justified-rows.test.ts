/** @file The laws of the justified layout: every item once, full rows, heights near the wish, arrows that stay in their column. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { justifiedRows, rowAt, rowOfItem, rowsHeight, tileBoxes, verticalNeighbour } from "./justified-rows";

const gap = 6;
const aspects = fc.array(fc.double({ min: 0.2, max: 5, noNaN: true }), { minLength: 1, maxLength: 300 });

test("every item lies in exactly one row, and filled rows end at the right edge", () => {
  fc.assert(
    fc.property(aspects, fc.integer({ min: 500, max: 2400 }), fc.integer({ min: 90, max: 300 }), (list, width, targetHeight) => {
      const options = { count: list.length, aspectOf: (index: number) => list[index] ?? 1, width, targetHeight, gap };
      const rows = justifiedRows(options);
      expect(rows.flatMap((row) => Array.from({ length: row.end - row.start }, (_, i) => row.start + i))).toEqual(list.map((_, i) => i));
      for (const row of rows) {
        const last = tileBoxes(row, options).at(-1);
        const right = (last?.left ?? 0) + (last?.width ?? 0);
        expect(right).toBeLessThanOrEqual(width + 0.01);
        if (row.isFilled) expect(right).toBeCloseTo(width, 5);
        expect(row.height).toBeLessThanOrEqual(targetHeight * 1.5 + 0.01);
      }
    }),
  );
});

test("rows follow one another with the gap between them", () => {
  const rows = justifiedRows({ count: 40, aspectOf: () => 1.5, width: 1000, targetHeight: 150, gap, footer: 26 });
  for (const [index, row] of rows.entries())
    expect(row.top).toBeCloseTo(index === 0 ? 0 : (rows[index - 1]?.top ?? 0) + (rows[index - 1]?.height ?? 0) + 26 + gap, 6);
  expect(rowsHeight(rows, 26)).toBeCloseTo((rows.at(-1)?.top ?? 0) + (rows.at(-1)?.height ?? 0) + 26, 6);
});

test("finds rows by item and by position", () => {
  const rows = justifiedRows({ count: 100, aspectOf: (index) => 1 + (index % 3) / 2, width: 900, targetHeight: 120, gap });
  for (const [index, row] of rows.entries()) {
    expect(rowOfItem(rows, row.start)).toBe(index);
    expect(rowOfItem(rows, row.end - 1)).toBe(index);
    expect(rowAt(rows, row.top + 1)).toBe(index);
  }
  expect(rowAt(rows, -50)).toBe(0);
});

test("up and down stay under the same place and stop at the ends", () => {
  const options = { count: 30, aspectOf: () => 1, width: 620, targetHeight: 150, gap };
  const rows = justifiedRows(options);
  expect(verticalNeighbour(rows, options, { index: 1, step: 1 })).toBe(5);
  expect(verticalNeighbour(rows, options, { index: 5, step: -1 })).toBe(1);
  expect(verticalNeighbour(rows, options, { index: 2, step: -1 })).toBe(2);
  expect(verticalNeighbour(rows, options, { index: 29, step: 1 })).toBe(29);
});

test("lays out 100,000 items quickly", () => {
  const started = performance.now();
  const rows = justifiedRows({ count: 100_000, aspectOf: (index) => 0.6 + (index % 13) / 10, width: 1400, targetHeight: 148, gap });
  expect(rows.length).toBeGreaterThan(5000);
  expect(performance.now() - started).toBeLessThan(500);
});
