/** @file DiffSim on Stable Diffusion XL against the published code: scores of every case, and every stage where a case holds tensors. */
import { expect, test } from "vitest";
import { diffsimXl } from "#main/ml/metrics/diffsim-xl/diffsim-xl";
import type { CompareOptions } from "#main/ml/metrics/metric";
import { compareGolden, expectNumbers, expectTensors } from "../support/golden-vision";
import { goldenCases, type GoldenCase } from "../support/goldens";

const cases = goldenCases("diffsim-xl").filter(({ parameters }) => parameters["ip_adapter"] === false);

test("no case is lost", () => expect(cases).toHaveLength(14));

test.each(cases.map((golden) => [golden.id, golden] as const))("%s", async (_id, golden) => {
  const comparison = await compareGolden(diffsimXl, golden, optionsOf(golden));
  expectNumbers([comparison.score], [Number(golden.outputs["score"])], golden.tolerance["score"] ?? 0);
  const { recipe } = comparison;
  expect([recipe.tap, recipe.parameters["timestep"]]).toEqual([golden.outputs["module"], golden.outputs["timestep"]]);
  await expectTensors(golden, comparison);
});

function optionsOf({ parameters }: GoldenCase): CompareOptions {
  return {
    mode: "published",
    similarity: parameters["similarity"] as "cosine" | "mse",
    block: parameters["target_block"] === "mid_blocks" ? "mid_block" : (parameters["target_block"] as "down_blocks" | "up_blocks"),
    layer: parameters["target_layer"] as readonly number[],
    step: Number(parameters["target_step"]),
    prompt: String(parameters["prompt"]),
    seed: Number(parameters["seed"]),
    size: Number(parameters["img_size"]),
    keepTensors: true,
  };
}
