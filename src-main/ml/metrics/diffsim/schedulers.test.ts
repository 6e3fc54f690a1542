/** Checkpoints that were distilled to a few steps: their schedulers are other classes, or space their steps otherwise. */
import { beforeAll, describe, expect, test } from "vitest";
import { goldenContext, goldenPair } from "../../../../tests/support/golden-vision";
import type { RawImage } from "../../../platform/raw-image";
import type { ModelFolder } from "../../models/model-folder";
import type { CompareOptions, MetricContext } from "../metric";
import { diffsim } from "./diffsim";

let context: MetricContext;
let a: RawImage;
let b: RawImage;
beforeAll(async () => {
  context = await goldenContext("sd2-tiny");
  [a, b] = await goldenPair(["sd-shapes.png", "sd-stripes.png"]);
});

const betas = { beta_start: 0.00085, beta_end: 0.012, beta_schedule: "scaled_linear" };
const sdTurbo = {
  ...betas,
  _class_name: "EulerDiscreteScheduler",
  timestep_spacing: "trailing",
  steps_offset: 1,
  prediction_type: "epsilon",
};

/** A comparison with the model as if its folder held another scheduler. */
function compareWith(scheduler: object, options: CompareOptions) {
  const model = context.checkpoint as ModelFolder;
  const checkpoint: ModelFolder = { ...model, partConfig: (name) => (name === "scheduler" ? scheduler : model.partConfig(name)) };
  return diffsim.comparePair({ ...context, checkpoint }, a, b, { size: 64, ...options });
}

test("SD-Turbo: steps count down from 999, and clean latents are scaled as Euler starts", async () => {
  const published = await compareWith(sdTurbo, { keepTensors: true });
  expect(published.recipe.parameters["timestep"]).toBe(99);
  const [sample, clean] = ["A.vae_sample", "A.clean_latents"].map((name) => published.tensors.get(name)?.data as Float32Array);
  const ratio = Number(clean?.[0]) / (Number(sample?.[0]) * 0.18215);
  expect(ratio).toBeCloseTo(14.6146, 3);
});

test("SDXL-Turbo's ancestral scheduler gives the same", async () => {
  const [euler, ancestral] = [
    await compareWith(sdTurbo, {}),
    await compareWith({ ...sdTurbo, _class_name: "EulerAncestralDiscreteScheduler" }, {}),
  ];
  expect(ancestral.score).toBe(euler.score);
});

describe("the corrected mode goes by timesteps, so the scheduler does not matter", () => {
  test.each([
    [sdTurbo],
    [{ ...betas, _class_name: "LCMScheduler", original_inference_steps: 50 }],
    [{ ...betas, _class_name: "TCDScheduler" }],
    [{ ...betas, _class_name: "DPMSolverMultistepScheduler", use_karras_sigmas: true, algorithm_type: "sde-dpmsolver++" }],
    [{ ...betas, _class_name: "DDIMScheduler", timestep_spacing: "trailing" }],
  ])("%j", async (scheduler) => {
    const own = await diffsim.comparePair(context, a, b, { size: 64, mode: "corrected" });
    expect((await compareWith(scheduler, { mode: "corrected" })).score).toBe(own.score);
  });
});

test("a scheduler without a list of steps is told by its name, and so is one that is not known", async () => {
  await expect(compareWith({ ...betas, _class_name: "LCMScheduler" }, {})).rejects.toMatchObject({
    code: "step/out-of-range",
    message: "The steps of LCMScheduler cannot be counted.",
    hint: "Give the timestep itself (--timestep), or leave both out in the corrected mode (--mode corrected).",
  });
  await expect(compareWith({ ...betas, _class_name: "FlowMatchEulerDiscreteScheduler" }, {})).rejects.toMatchObject({
    code: "graph/unsupported-config",
    message: expect.stringMatching(/_class_name.*"EulerDiscreteScheduler"/) as string,
  });
});
