/** @file DiffSim with an IP-Adapter against the published code, on Stable Diffusion 1.5 and XL: scores of every case, and every stage where a case holds tensors. */
import { describe, expect, test } from "vitest";
import { diffsimC } from "#main/ml/metrics/diffsim-c/diffsim-c";
import { diffsimXlC } from "#main/ml/metrics/diffsim-xl-c/diffsim-xl-c";
import type { CompareOptions, MetricContext, MetricDefinition, PairComparison } from "#main/ml/metrics/metric";
import { goldenAdapterContext } from "../support/golden-adapter";
import { expectNumbers, expectTensors, goldenPair } from "../support/golden-vision";
import { goldenCases, type GoldenCase } from "../support/goldens";

describe("Stable Diffusion 1.5", () => {
  const cases = goldenCases("diffsim-c");

  test("no case is lost", () => expect(cases).toHaveLength(28));

  test.each(cases.map((golden) => [golden.id, golden] as const))("%s", async (_id, golden) => {
    const { checkpoint, outputs, parameters } = golden;
    const context = await goldenAdapterContext(checkpoint ?? "", String(parameters["ip_checkpoint"]));
    const { score, directions, recipe } = await compareGolden(diffsimC, context, golden);
    const expected = ["score", "a_on_b", "b_on_a"].map((name) => Number(outputs[name]));
    expectNumbers([score, Number(directions.ab), Number(directions.ba)], expected, golden.tolerance["score"] ?? 0);
    expect(recipe.parameters).toMatchObject({ timestep: parameters["timestep"], ipAdapterScale: parameters["ip_adapter_scale"] });
  });
});

describe("Stable Diffusion XL", () => {
  const cases = goldenCases("diffsim-xl", "ip-");

  test("no case is lost", () => expect(cases).toHaveLength(4));

  test.each(cases.map((golden) => [golden.id, golden] as const))("%s", async (_id, golden) => {
    const [checkpoint = "", adapter = ""] = (golden.checkpoint ?? "").split(" + ");
    const { score, recipe } = await compareGolden(diffsimXlC, await goldenAdapterContext(checkpoint, adapter), golden);
    expectNumbers([score], [Number(golden.outputs["score"])], golden.tolerance["score"] ?? 0);
    expect([recipe.tap, recipe.parameters["timestep"]]).toEqual([golden.outputs["module"], golden.outputs["timestep"]]);
  });
});

async function compareGolden(metric: MetricDefinition, context: MetricContext, golden: GoldenCase): Promise<PairComparison> {
  const { parameters } = golden;
  const [a, b] = await goldenPair(golden.images);
  const { target_layer: layer, negative_prompt: negativePrompt } = parameters;
  const options: CompareOptions = {
    mode: "published",
    block: parameters["target_block"] === "mid_blocks" ? "mid_block" : (parameters["target_block"] as "down_blocks" | "up_blocks"),
    layer: typeof layer === "number" ? [layer] : (layer as readonly number[]),
    step: Number(parameters["target_step"]),
    prompt: String(parameters["prompt"]),
    ...(typeof negativePrompt === "string" ? { negativePrompt } : {}),
    seed: Number(parameters["seed"]),
    size: Number(parameters["img_size"]),
    keepTensors: golden.tensors !== undefined,
  };
  const comparison = await metric.comparePair(context, a, b, options);
  expect(comparison.recipe.parameters["deviations"]).toContain("encoder_hidden_states");
  if (golden.tensors !== undefined) await expectTensors(golden, comparison);
  return comparison;
}
