/** @file DiffSim on a DiT against the published code: scores and stages of every case, and the timesteps the network is told. */
import { describe, expect, test } from "vitest";
import { diffsimDit } from "#main/ml/metrics/diffsim-dit/diffsim-dit";
import { publishedModelTimestep } from "#main/ml/metrics/diffsim-dit/settings";
import type { CompareOptions, MetricContext } from "#main/ml/metrics/metric";
import { goldenCase, goldenCases, type GoldenCase } from "../support/goldens";
import { expectNumbers, expectTensors, goldenContext, goldenPair } from "../support/golden-vision";

const cases = goldenCases("diffsim-dit", "block");
const opened = goldenContext("dit-tiny");

test("no case is lost", () => expect(cases).toHaveLength(8));

describe.each(cases.map((golden) => [golden.id, golden] as const))("%s", (_id, golden) => {
  test("score and stages", async () => {
    const comparison = await compare(await opened, golden, { keepTensors: true });
    expectNumbers([comparison.score], [Number(golden.outputs["score"])], golden.tolerance["score"] ?? 0);
    await expectTensors(golden, comparison);
    const { tap, parameters } = comparison.recipe;
    expect([tap, parameters["timestep"], parameters["modelTimestep"]]).toEqual([
      golden.outputs["module"],
      golden.outputs["noise_timestep"],
      golden.outputs["model_timestep"],
    ]);
  });
});

test("the timestep told for every step", () => {
  const { outputs } = goldenCase("diffsim-dit", "timestep-table");
  expect((outputs["target_step"] as readonly number[]).map(publishedModelTimestep)).toEqual(outputs["model_timestep"]);
});

async function compare(context: MetricContext, golden: GoldenCase, more: CompareOptions) {
  const { parameters } = golden;
  const [a, b] = await goldenPair(golden.images);
  return diffsimDit.comparePair(context, a, b, {
    mode: "published",
    similarity: parameters["similarity"] as "cosine" | "mse",
    layer: parameters["target_layer"] as readonly number[],
    step: Number(parameters["target_step"]),
    size: Number(parameters["img_size"]),
    seed: Number(parameters["seed"]),
    ...more,
  });
}
