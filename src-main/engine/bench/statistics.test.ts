import { expect, test } from "vitest";
import { mcnemar } from "./statistics";

/** Sum of binomial coefficients by Pascal's triangle, in whole numbers. */
function exactly(onlyA: number, onlyB: number): number {
  const trials = onlyA + onlyB;
  let row: readonly bigint[] = [1n];
  for (let n = 1; n <= trials; n += 1) row = [...row, 0n].map((value, k) => value + (row[k - 1] ?? 0n));
  const tail = row.slice(0, Math.min(onlyA, onlyB) + 1).reduce((sum, value) => sum + value, 0n);
  return Math.min(1, Number((2n * tail * 10n ** 15n) / 2n ** BigInt(trials)) / 1e15);
}

test.each([
  [0, 0],
  [1, 0],
  [3, 3],
  [10, 2],
  [2, 10],
  [60, 90],
])("McNemar of %i and %i", (onlyA, onlyB) => expect(mcnemar(onlyA, onlyB)).toBeCloseTo(exactly(onlyA, onlyB), 12));

test("McNemar of counts beyond what a product could hold", () => {
  expect(mcnemar(5000, 5000)).toBe(1);
  expect(mcnemar(4800, 5200)).toBeCloseTo(6.6e-5, 6);
  expect(mcnemar(0, 20_000)).toBe(0);
});
