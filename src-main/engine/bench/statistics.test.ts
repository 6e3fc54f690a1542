import { expect, test } from "vitest";
import { mcnemar, wilsonInterval } from "./statistics";

test.each([
  { correct: 9, total: 10 },
  { correct: 1800, total: 2000 },
  { correct: 1, total: 3 },
])("the ends of the Wilson interval of $correct of $total lie 1.96 of their own standard errors away", ({ correct, total }) => {
  const share = correct / total;
  const [low, high] = wilsonInterval(correct, total);
  for (const end of [low, high]) expect(Math.abs(share - end) / Math.sqrt((end * (1 - end)) / total)).toBeCloseTo(1.959964, 6);
  expect(low).toBeLessThan(share);
  expect(high).toBeGreaterThan(share);
});

test("the Wilson interval of none, of all, and of nothing", () => {
  const beyond = 1.959963984540054 ** 2 / (5 + 1.959963984540054 ** 2);
  expect(wilsonInterval(0, 5)).toEqual([0, expect.closeTo(beyond, 12)]);
  expect(wilsonInterval(5, 5)).toEqual([expect.closeTo(1 - beyond, 12), 1]);
  expect(wilsonInterval(0, 0)).toEqual([0, 1]);
});

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
