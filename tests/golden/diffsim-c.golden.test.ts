/** @file DiffSim-C against the published code: scores of every case, and every stage where a case holds tensors. */
import { describe, expect, test } from "vitest";
import { diffsimC } from "#main/ml/metrics/diffsim-c/diffsim-c";
import type { CompareOptions } from "#main/ml/metrics/metric";
import { expectNumbers, expectTensors, goldenPair } from "../support/golden-vision";
import { goldenAdapterContext } from "../support/golden-adapter";
import { goldenCases } from "../support/goldens";

const cases = goldenCases("diffsim-c");

test("no case is lost", () => expect(cases).toHaveLength(28));

describe.each(cases.map((golden) => [golden.id, golden] as const))("%s", (_id, golden) => {
  test("cosine", async () => {
    const { parameters, outputs } = golden;
    const [a, b] = await goldenPair(golden.images);
    const options: CompareOptions = {
      mode: "published",
      block: parameters["target_block"] === "mid_blocks" ? "mid_block" : (parameters["target_block"] as "down_blocks" | "up_blocks"),
      layer: [Number(parameters["target_layer"])],
      step: Number(parameters["target_step"]),
      prompt: String(parameters["prompt"]),
      negativePrompt: String(parameters["negative_prompt"]),
      seed: Number(parameters["seed"]),
      size: Number(parameters["img_size"]),
      keepTensors: golden.tensors !== undefined,
    };
    const context = await goldenAdapterContext(golden.checkpoint ?? "", String(parameters["ip_checkpoint"]));
    const comparison = await diffsimC.comparePair(context, a, b, options);
    const { score, directions } = comparison;
    const expected = ["score", "a_on_b", "b_on_a"].map((name) => Number(outputs[name]));
    expectNumbers([score, Number(directions.ab), Number(directions.ba)], expected, golden.tolerance["score"] ?? 0);
    expect(comparison.recipe.parameters["timestep"]).toBe(parameters["timestep"]);
    if (golden.tensors !== undefined) await expectTensors(golden, comparison);
  });
});
