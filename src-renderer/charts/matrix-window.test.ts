/** @file The shown part of a matrix: it stays inside, keeps what is pointed at, and shows the cell that keys reach. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cellAt, centredOn, movedCell, panned, showing, wholeWindow, zoomed } from "./matrix-window";

const count = 600;
const share = fc.double({ min: 0, max: 1, noNaN: true });
const places = fc.record({ x: share, y: share });
const windows = fc
  .tuple(fc.double({ min: 1, max: 60, noNaN: true }), places)
  .map(([factor, at]) => zoomed(wholeWindow(count), count, { factor, at }));

describe("the window", () => {
  it("never leaves the matrix, and shows eight cells at least", () => {
    fc.assert(
      fc.property(windows, places, fc.double({ min: 0.01, max: 100, noNaN: true }), (window, at, factor) => {
        for (const next of [zoomed(window, count, { factor, at }), panned(window, count, at), centredOn(window, count, at)]) {
          expect(next.left).toBeGreaterThanOrEqual(0);
          expect(next.top).toBeGreaterThanOrEqual(0);
          expect(next.left + next.size).toBeLessThanOrEqual(count + 1e-6);
          expect(next.top + next.size).toBeLessThanOrEqual(count + 1e-6);
          expect(next.size).toBeGreaterThanOrEqual(8);
        }
      }),
    );
  });

  it("keeps the cell under the pointer while it zooms in", () => {
    const at = { x: 0.301, y: 0.703 };
    const before = cellAt(wholeWindow(count), count, at);
    expect(cellAt(zoomed(wholeWindow(count), count, { factor: 5, at }), count, at)).toEqual(before);
  });

  it("follows the cell that is read", () => {
    fc.assert(
      fc.property(windows, fc.integer({ min: 0, max: count - 1 }), fc.integer({ min: 0, max: count - 1 }), (window, row, column) => {
        const { left, top, size } = showing(window, count, { row, column });
        expect(left).toBeLessThanOrEqual(column);
        expect(top).toBeLessThanOrEqual(row);
        expect(left + size).toBeGreaterThanOrEqual(column + 1 - 1e-6);
        expect(top + size).toBeGreaterThanOrEqual(row + 1 - 1e-6);
      }),
    );
  });
});

it("keys move the cell and stop at the edge; others do nothing", () => {
  expect(movedCell({ row: 3, column: 0 }, 5, "ArrowLeft")).toEqual({ row: 3, column: 0 });
  expect(movedCell({ row: 3, column: 0 }, 5, "ArrowDown")).toEqual({ row: 4, column: 0 });
  expect(movedCell({ row: 4, column: 2 }, 5, "ArrowDown")).toEqual({ row: 4, column: 2 });
  expect(movedCell({ row: 3, column: 0 }, 5, "End")).toEqual({ row: 3, column: 4 });
  expect(movedCell({ row: 3, column: 0 }, 5, "p")).toBeNull();
});
