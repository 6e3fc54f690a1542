import { expect, test } from "vitest";
import { matchTiles } from "./dense-matches";
import type { FeatureMap } from "./feature-map";
import { maskAnomalies, tileNorms } from "./tile-mask";

const mapOf = (columns: number, numbers: readonly number[]): FeatureMap => ({
  rows: numbers.length / columns,
  columns,
  channels: 1,
  data: Float32Array.from(numbers),
});

test("long vectors are anomalies, at the border sooner than inside", () => {
  const numbers = Array.from({ length: 25 }, (_, i) => 10 + (i % 3) * 0.1);
  numbers[0] = 13;
  numbers[12] = -12.5;
  numbers[24] = 11;
  numbers[11] = 40;
  const mask = maskAnomalies(mapOf(5, numbers));
  expect([...mask].flatMap((takesPart, tile) => (takesPart === 0 ? [tile] : []))).toEqual([0, 11]);
  expect(tileNorms(mapOf(5, numbers))[12]).toBe(12.5);
});

test("an even picture and the smallest grids have no anomalies", () => {
  expect(maskAnomalies(mapOf(3, Array<number>(9).fill(2)))).toEqual(new Uint8Array(9).fill(1));
  expect(maskAnomalies(mapOf(1, [5]))).toEqual(Uint8Array.of(1));
  expect(maskAnomalies(mapOf(2, [0, 0, 0, 0]))).toEqual(new Uint8Array(4).fill(1));
});

test("tiles find their like both ways; masked ones neither find nor are found", () => {
  const vectors = (...pairs: readonly (readonly [number, number])[]): FeatureMap => ({
    rows: 1,
    columns: pairs.length,
    channels: 2,
    data: Float32Array.from(pairs.flat()),
  });
  const a = vectors([1, 0], [0, 1], [1, 1]);
  const b = vectors([0, 5], [3, 0], [3, 0.1]);
  const all = matchTiles({ map: a, mask: null }, { map: b, mask: null });
  expect([...all.a.match]).toEqual([1, 0, 2]);
  expect([...all.b.match]).toEqual([1, 0, 0]);
  expect([...all.a.isMutual]).toEqual([1, 1, 0]);
  const some = matchTiles({ map: a, mask: Uint8Array.of(1, 0, 1) }, { map: b, mask: null });
  expect([...some.a.match]).toEqual([1, -1, 2]);
  expect(some.a.cosine[1]).toBeNaN();
  expect([...some.b.match]).toEqual([2, 0, 0]);
});
