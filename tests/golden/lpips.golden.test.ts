/** @file LPIPS against the package lpips 0.1.4 (VGG-16): the distance, its five stages, and the features they are made of. */
import { describe, expect, test } from "vitest";
import { lpips } from "#main/ml/metrics/lpips/lpips";
import { goldenCases, type GoldenCase } from "../support/goldens";
import { compareGolden, expectTensors } from "../support/golden-vision";

interface Outputs {
  readonly score: number;
  readonly reverse: number;
  readonly per_layer: readonly number[];
}

const cases = goldenCases("lpips");
const outputsOf = (golden: GoldenCase) => golden.outputs as unknown as Outputs;
const sizeOf = (golden: GoldenCase) => ({ size: golden.parameters["image_size"] as number });

function expectDistance(actual: number | undefined, expected: number, { tolerance }: GoldenCase): void {
  const { score_relative: relative = 0, score_absolute: absolute = 0 } = tolerance;
  expect(Math.abs((actual ?? Number.NaN) - expected)).toBeLessThanOrEqual(Math.max(relative * expected, absolute));
}

describe.each(cases)("$id", (golden) => {
  const { score, reverse, per_layer: perLayer } = outputsOf(golden);

  test("the distance and its stages", async () => {
    const comparison = await compareGolden(lpips, golden, { ...sizeOf(golden), keepTensors: true });
    expectDistance(comparison.score, score, golden);
    const distances = comparison.tensors.get("per_layer")?.data;
    for (const [stage, expected] of perLayer.entries()) expectDistance(Number(distances?.[stage]), expected, golden);
  });

  test("the other way round", async () => {
    const comparison = await compareGolden(lpips, golden, sizeOf(golden), [...golden.images].reverse());
    expectDistance(comparison.score, reverse, golden);
  });
});

test.each(cases.filter(({ tensors = {} }) => Object.keys(tensors).length > 0))("$id: every staged tensor", async (golden) => {
  await expectTensors(golden, await compareGolden(lpips, golden, { ...sizeOf(golden), keepTensors: true }));
});
