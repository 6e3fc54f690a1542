/** @file Laws of the interpolation; its numbers against PyTorch are in the golden tests. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { interpolatePositions, patchGrid, positionInterpolations } from "./position-embeddings";

const patchSize = 14;
const side = 5;
const channels = 3;
const table = Float32Array.from({ length: side * side * channels }, (_, i) => Math.sin(i));
const sizes = fc.record({ height: fc.integer({ min: patchSize, max: 300 }), width: fc.integer({ min: patchSize, max: 300 }) });

describe.each(positionInterpolations)("%s", (interpolation) => {
  test("weights add up to one: equal positions stay equal, in every shape", () => {
    const flat = new Float32Array(side * side * channels).fill(0.75);
    fc.assert(
      fc.property(sizes, ({ height, width }) => {
        const size = { height, width, patchSize };
        const { rows, columns } = patchGrid(size);
        const result = interpolatePositions(flat, channels, { size, interpolation });
        expect(result).toHaveLength(rows * columns * channels);
        for (const x of result) expect(x).toBeCloseTo(0.75, 5);
      }),
      { numRuns: 30 },
    );
  });

  test("the table's own grid is left alone", () => {
    expect(interpolatePositions(table, channels, { size: { height: 70, width: 70, patchSize }, interpolation })).toBe(table);
  });
});

test("a picture that is not square is interpolated even when it has as many patches (quirk D7)", () => {
  const size = { height: 70, width: 75, patchSize };
  expect(patchGrid(size)).toEqual({ rows: side, columns: side });
  expect(interpolatePositions(table, channels, { size, interpolation: "offset" })).not.toEqual(table);
  expect(interpolatePositions(table, channels, { size, interpolation: "size" })).toEqual(table);
});
