import fc from "fast-check";
import { expect, test } from "vitest";
import { randomNumbers } from "../../../tests/support/random-numbers";
import { cosine, dot, norm } from "../tensor/linear-algebra";
import { principalSubspace, projectInto } from "./principal-subspace";

const rowsOf = (count: number, channels: number, seed: number): readonly Float32Array[] =>
  Array.from({ length: count }, (_, row) => randomNumbers(channels, seed * 1000 + row));

test("law: its rows are orthonormal, and vectors that span no more keep their cosines", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 12 }), fc.integer({ min: 1, max: 1000 }), async (count, seed) => {
      const vectors = rowsOf(count, 20, seed);
      const subspace = await principalSubspace(vectors, 12);
      expect(subspace.rows).toBe(count);
      const row = (i: number) => subspace.data.subarray(i * 20, (i + 1) * 20);
      for (let i = 0; i < count; i++) for (let j = 0; j <= i; j++) expect(dot(row(i), row(j))).toBeCloseTo(i === j ? 1 : 0, 4);
      const [a, b] = [vectors[0]!, vectors[1]!];
      expect(cosine(projectInto(subspace, a), projectInto(subspace, b))).toBeCloseTo(cosine(a, b), 4);
    }),
    { numRuns: 20 },
  );
});

test("it holds what most of the vectors have in common: rank two and a little noise need two directions", async () => {
  const [first, second] = rowsOf(2, 50, 1);
  const vectors = Array.from({ length: 40 }, (_, i) => {
    const noise = randomNumbers(50, 500 + i);
    return first!.map((x, at) => Math.cos(i) * x + Math.sin(i) * second![at]! + 0.01 * noise[at]!);
  });
  const subspace = await principalSubspace(vectors, 2);
  for (const vector of vectors) expect(norm(projectInto(subspace, vector)) / norm(vector)).toBeGreaterThan(0.99);
});

test("equal vectors span one direction", async () => {
  const [only] = rowsOf(1, 10, 3);
  expect((await principalSubspace([only!, only!, only!.map((x) => 2 * x)], 8)).rows).toBe(1);
});
