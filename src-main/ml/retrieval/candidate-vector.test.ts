import { expect, test } from "vitest";
import { randomNumbers } from "../../../tests/support/random-numbers";
import { headCosines, headFactors, packHeads } from "../metrics/starter/pooled-heads";
import { dot, unit } from "../tensor/linear-algebra";
import { blended } from "./candidate-vector";
import { recallOf } from "./recall";

test("a question's product with a stored vector is the blended score, also where a part of it is taken off", () => {
  const factors = { own: 1, other: -0.27 };
  const [a, b] = [1, 2].map((seed) => ({
    pooled: packHeads(randomNumbers(16, seed), randomNumbers(16, seed + 10)),
    aligned: unit(randomNumbers(24, seed + 20)),
  }));
  const blend = { alignment: 1.75, pooled: headFactors(32, factors) };
  const { own, other } = headCosines(a!.pooled, b!.pooled);
  const score = 1.75 * dot(a!.aligned, b!.aligned) + own - 0.27 * other;
  const product = dot(blended(a!.aligned, a!.pooled, blend).question, blended(b!.aligned, b!.pooled, blend).stored);
  expect(product).toBeCloseTo(score, 5);
  expect(blended(a!.aligned, a!.pooled, null).question).toEqual(a!.aligned);
});

test("recall counts the wanted among the kept", () => {
  const exact = [5, 4, 3, 2, 1, 0];
  expect(recallOf(exact, exact, { wanted: 2, kept: 2 })).toBe(1);
  expect(recallOf(exact, [0, 1, 2, 3, 4, 5], { wanted: 2, kept: 2 })).toBe(0);
  expect(recallOf(exact, [0, 9, 9, 9, 0, 0], { wanted: 2, kept: 3 })).toBe(0.5);
});
