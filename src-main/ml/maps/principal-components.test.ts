import { expect, test } from "vitest";
import { dot } from "../tensor/linear-algebra";
import { principalComponents } from "./principal-components";
import { symmetricEigen } from "./symmetric-eigen";
import { projectToColours } from "./colour-projection";
import { TorchGenerator } from "../random/torch-generator";

test("eigenvalues of a symmetric matrix give the matrix back", () => {
  const size = 7;
  const random = new TorchGenerator(3).randn(size * size);
  const matrix = Array.from({ length: size }, (_, p) =>
    Float64Array.from({ length: size }, (_, q) => (random[p * size + q] ?? 0) + (random[q * size + p] ?? 0)),
  );
  const { values, vectors } = symmetricEigen(matrix);
  expect(values).toEqual(values.toSorted((a, b) => b - a));
  for (let p = 0; p < size; p++) {
    for (let q = 0; q < size; q++) {
      const whole = values.reduce((sum, value, k) => sum + value * (vectors[k]?.[p] ?? 0) * (vectors[k]?.[q] ?? 0), 0);
      expect(whole).toBeCloseTo(matrix[p]?.[q] ?? Number.NaN, 10);
    }
  }
});

/** Vectors of known variances 100, 25, 4 along turned axes, in many channels. */
function spread(count: number, channels: number) {
  const axes = symmetricEigen(
    Array.from({ length: channels }, (_, p) => Float64Array.from({ length: channels }, (_, q) => Math.cos(p * q + p + q))),
  ).vectors.slice(0, 3);
  const data = new Float32Array(count * channels);
  for (let row = 0; row < count; row++) {
    const along = [10, 5, 2].map((deviation, k) => deviation * Math.SQRT2 * Math.cos((2 * Math.PI * (k + 1) * row) / count));
    for (let i = 0; i < channels; i++) data[row * channels + i] = 3 + along.reduce((sum, x, k) => sum + x * (axes[k]?.[i] ?? 0), 0);
  }
  return { rows: { count, channels, data }, axes };
}

test("components and variances of vectors made of known ones", () => {
  const { rows, axes } = spread(64, 40);
  const { components, variances, shares, mean } = principalComponents(rows, 3);
  expect(variances.map((variance) => (variance * 63) / 64)).toEqual([100, 25, 4].map((x) => expect.closeTo(x, 3) as number));
  expect(shares.reduce((sum, share) => sum + share)).toBeCloseTo(1, 5);
  expect(mean[0]).toBeCloseTo(3, 5);
  for (const [k, component] of components.entries()) {
    expect(Math.abs(dot(component, Float32Array.from(axes[k] ?? [])))).toBeCloseTo(1, 5);
    expect(Math.max(...component)).toBe(Math.max(...component.map(Math.abs)));
  }
});

test("vectors that differ in fewer directions have fewer components", () => {
  const line = { count: 4, channels: 3, data: Float32Array.of(1, 0, 0, 2, 0, 0, 3, 0, 0, 7, 0, 0) };
  expect(principalComponents(line, 3).components.map((component) => [...component.map(Math.abs)])).toEqual([[1, 0, 0]]);
  const even = { rows: 2, columns: 2, channels: 3, data: new Float32Array(12).fill(0.7).map((x, i) => x + (i % 3)) };
  expect(projectToColours([{ map: even, mask: null }])).toMatchObject({ components: [], pictures: [new Uint8Array(12)] });
});

test("colours mean the same in every picture, and masked tiles do not stretch their scale", () => {
  const mapOf = (...numbers: number[]) => ({ rows: 1, columns: numbers.length, channels: 1, data: Float32Array.from(numbers) });
  const { pictures } = projectToColours([
    { map: mapOf(0, 1, 2), mask: null },
    { map: mapOf(1, 4, 900), mask: Uint8Array.of(1, 1, 0) },
  ]);
  expect(pictures.map((picture) => [...picture].filter((_, i) => i % 3 === 0))).toEqual([
    [0, 63, 127],
    [63, 255, 255],
  ]);
});
