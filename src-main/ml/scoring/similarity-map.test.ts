import { expect, test } from "vitest";
import { randomNumbers } from "../../../tests/support/random-numbers";
import { float32ToFloat16 } from "../tensor/half";
import type { AttentionFeatures } from "./attention-features";
import { widened } from "./feature-array";
import { similarityMap } from "./similarity-map";

const image = (seed: number): AttentionFeatures => {
  const part = (i: number) => randomNumbers(2 * 7 * 3, 10 * seed + i);
  return {
    heads: 2,
    tokens: 7,
    headDim: 3,
    grid: { rows: 2, columns: 3, prefix: 1 },
    query: part(1),
    key: part(2),
    value: part(3),
    output: part(4),
  };
};

test("a tile finds itself, and its copy in another picture", () => {
  const a = image(1);
  const map = similarityMap(a, 4, a);
  expect(map).toHaveLength(6);
  expect(map[4]).toBeCloseTo(1, 6);
  expect(Math.max(...map)).toBeCloseTo(map[4] ?? NaN, 6);
});

test("cosines are taken over all heads of the vector asked for", () => {
  const [a, b] = [image(2), image(3)];
  const vector = (array: AttentionFeatures["key"], token: number) =>
    [0, 1].flatMap((head) => [0, 1, 2].map((i) => widened(array)[(head * 7 + token) * 3 + i] as number));
  const [x, y] = [vector(a.key, 1 + 2), vector(b.key, 1 + 5)];
  const expected = x.reduce((sum, value, i) => sum + value * (y[i] as number), 0) / Math.hypot(...x) / Math.hypot(...y);
  expect(similarityMap(a, 2, b, "key")[5]).toBeCloseTo(expected, 6);
});

test("half precision is accepted; a tile outside the picture is refused", () => {
  const a = image(4);
  const half = { ...a, output: float32ToFloat16(a.output as Float32Array) };
  expect(similarityMap(half, 0, a)[0]).toBeCloseTo(1, 3);
  expect(() => similarityMap(a, 6, a)).toThrow(expect.objectContaining({ code: "scoring/incompatible-features" }));
});
