import { describe, expect, test } from "vitest";
import type { FeatureMap } from "./feature-map";
import { measureTile, summarizeMap, tileMeasures } from "./tile-measures";

const map = (rows: number, columns: number, vectors: readonly (readonly number[])[]): FeatureMap => ({
  rows,
  columns,
  channels: vectors[0]?.length ?? 0,
  data: Float32Array.from(vectors.flat()),
});
const corners = map(2, 2, [
  [3, 4],
  [6, 8],
  [-4, 3],
  [0, 0],
]);

test("every measure, by hand", () => {
  const of = (measure: (typeof tileMeasures)[number]) => [...measureTile({ measure, of: corners, tile: 0, over: corners })];
  expect(of("cosine")).toEqual([1, 1, 0, 0].map((x) => expect.closeTo(x, 6) as number));
  expect(of("dot-product")).toEqual([0.5, 1, 0, 0].map((x) => expect.closeTo(x, 6) as number));
  expect(of("manhattan")).toEqual([1, 1 - 7 / 8, 0, 1 - 7 / 8].map((x) => expect.closeTo(x, 6) as number));
  expect(of("euclidean")).toEqual([1, 1 - 5 / Math.sqrt(50), 0, 1 - 5 / Math.sqrt(50)].map((x) => expect.closeTo(x, 6) as number));
  expect(of("chebyshev")).toEqual([1, 1 - 4 / 7, 0, 1 - 4 / 7].map((x) => expect.closeTo(x, 6) as number));
  expect(of("rel-l2-norm")).toEqual([0, 1, 0, -1].map((x) => expect.closeTo(x, 6) as number));
});

describe("tiles that take no part", () => {
  const masks = { of: Uint8Array.of(1, 0, 1, 1), over: Uint8Array.of(1, 0, 1, 1) };

  test.each(tileMeasures)("%s has no number there and a scale without them", (measure) => {
    const values = measureTile({ measure, of: corners, tile: 0, over: corners, masks });
    expect([...values].map(Number.isNaN)).toEqual([false, true, false, false]);
  });

  test("the centre is that of the others", () => {
    const far = map(1, 3, [
      [1, 0],
      [0, 1],
      [1000, 1000],
    ]);
    const mask = Uint8Array.of(1, 1, 0);
    const [own, other] = measureTile({ measure: "cosine_centered", of: far, tile: 0, over: far, masks: { of: mask, over: mask } });
    expect(own).toBeCloseTo(1, 6);
    expect(other).toBeCloseTo(-1, 6);
  });
});

test("a picture of one colour: equal everywhere, and not a number as published", () => {
  const even = map(1, 2, [
    [1, 2],
    [1, 2],
  ]);
  for (const measure of ["manhattan", "euclidean", "chebyshev"] as const) {
    expect([...measureTile({ measure, of: even, tile: 0, over: even })]).toEqual([1, 1]);
    expect([...measureTile({ measure, of: even, tile: 0, over: even, mode: "published" })]).toEqual([Number.NaN, Number.NaN]);
  }
});

test("maps of other channels are refused in one sentence", () => {
  const other = map(1, 1, [[1, 2, 3]]);
  expect(() => measureTile({ measure: "cosine", of: corners, tile: 0, over: other })).toThrow(
    /^Maps of 2 and of 3 channels cannot be compared\.$/,
  );
});

test("a summary heeds only what has a value, and takes the first of equal tiles", () => {
  expect(summarizeMap(Float32Array.of(Number.NaN, 1, 3, 3))).toEqual({
    mean: 7 / 3,
    std: expect.closeTo(Math.sqrt(8 / 9), 9) as number,
    best: 2,
  });
  expect(summarizeMap(Float32Array.of(Number.NaN))).toBeNull();
});
