/** @file DiffSim on Stable Diffusion 1.x and 2.x against the published code: scores of every case, and every stage where a case holds tensors. */
import { describe, expect, test } from "vitest";
import { diffsim } from "#main/ml/metrics/diffsim/diffsim";
import type { CompareOptions, MetricContext } from "#main/ml/metrics/metric";
import type { ModelFolder } from "#main/ml/models/model-folder";
import { goldenCases, type GoldenCase } from "../support/goldens";
import { expectNumbers, expectRelative, expectTensors, goldenContext, goldenPair } from "../support/golden-vision";

interface SchedulerOverride {
  readonly class: string;
  readonly timestep_spacing?: string;
}

const cases = goldenCases("diffsim-s");
const contexts = new Map<string, Promise<MetricContext>>();

test("no case is lost", () => expect(cases).toHaveLength(205));

describe.each(cases.map((golden) => [golden.id, golden] as const))("%s", (_id, golden) => {
  const tolerance = { score: golden.tolerance["score"] ?? 0, mse: golden.tolerance["mse_relative"] ?? 0 };
  const output = (name: string) => Number(golden.outputs[name]);

  test("cosine", async () => {
    const hasTensors = golden.tensors !== undefined;
    const comparison = await compare(golden, { similarity: "cosine", keepTensors: hasTensors });
    const { score, directions } = comparison;
    expectNumbers([score, Number(directions.ab), Number(directions.ba)], ["score", "a_on_b", "b_on_a"].map(output), tolerance.score);
    expect(comparison.recipe.parameters["timestep"]).toBe(golden.parameters["timestep"]);
    if (hasTensors) await expectTensors(golden, comparison);
  });

  test("mean squared error", async () => {
    const { score, directions, similarity } = await compare(golden, { similarity: "mse" });
    expect(similarity).toBe("mse");
    expectRelative(
      [score, Number(directions.ab), Number(directions.ba)],
      ["score_mse", "mse_a_on_b", "mse_b_on_a"].map(output),
      tolerance.mse,
    );
  });
});

async function compare(golden: GoldenCase, measure: CompareOptions) {
  const { parameters } = golden;
  const [a, b] = await goldenPair(golden.images);
  const options: CompareOptions = {
    ...measure,
    mode: "published",
    block: parameters["target_block"] === "mid_blocks" ? "mid_block" : (parameters["target_block"] as "down_blocks" | "up_blocks"),
    layer: [Number(parameters["target_layer"])],
    step: Number(parameters["target_step"]),
    prompt: String(parameters["prompt"]),
    negativePrompt: String(parameters["negative_prompt"]),
    seed: Number(parameters["seed"]),
    size: Number(parameters["img_size"]),
  };
  return diffsim.comparePair(await contextOf(golden), a, b, options);
}

/** One context for each checkpoint and scheduler, so that sessions are shared. */
function contextOf(golden: GoldenCase): Promise<MetricContext> {
  const override = golden.parameters["scheduler_override"] as SchedulerOverride | undefined;
  const key = JSON.stringify([golden.checkpoint, override]);
  const context = contexts.get(key) ?? goldenContext(golden.checkpoint ?? "").then((opened) => withScheduler(opened, override));
  contexts.set(key, context);
  return context;
}

/** The same model as if its folder held another scheduler, as diffusers' `from_config` makes it. */
function withScheduler(context: MetricContext, override: SchedulerOverride | undefined): MetricContext {
  if (override === undefined || context.checkpoint === null) return context;
  const model = context.checkpoint;
  const config = {
    ...(model.partConfig("scheduler") as object),
    _class_name: override.class,
    ...(override.timestep_spacing === undefined ? {} : { timestep_spacing: override.timestep_spacing }),
  };
  const checkpoint: ModelFolder = { ...model, partConfig: (name) => (name === "scheduler" ? config : model.partConfig(name)) };
  return { ...context, checkpoint };
}
