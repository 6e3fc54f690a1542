import { expect, test } from "vitest";
import { wilsonInterval } from "./wilson-interval";

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
