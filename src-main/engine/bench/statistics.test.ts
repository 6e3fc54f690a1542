import { expect, test } from "vitest";
import { mcnemar, wilsonInterval } from "./statistics";

test.each([
  // Values of statsmodels' proportion_confint(method="wilson").
  { correct: 9, total: 10, interval: [0.595849973, 0.982123754] },
  { correct: 1800, total: 2000, interval: [0.886092229, 0.912380303] },
  { correct: 0, total: 5, interval: [0, 0.434481975] },
  { correct: 5, total: 5, interval: [0.565518025, 1] },
  { correct: 0, total: 0, interval: [0, 1] },
])("Wilson interval of $correct of $total", ({ correct, total, interval }) => {
  const [low, high] = wilsonInterval(correct, total);
  expect(low).toBeCloseTo(interval[0] ?? 0, 8);
  expect(high).toBeCloseTo(interval[1] ?? 0, 8);
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
