import { describe, expect, test } from "vitest";
import { addNoise, createNoiseSchedule, noiseLevelOfStep, scaleModelInput } from "#main/ml/models/stable-diffusion/schedule";
import { parseSchedulerConfig } from "#main/ml/models/stable-diffusion/scheduler-config";
import type { GoldenTensor } from "../support/golden-tensors";
import { readGoldenTensors } from "../support/golden-tensors";
import { goldenCases } from "../support/goldens";

interface StepCase {
  readonly target_step: number;
  readonly t?: number;
  readonly error?: string;
  readonly x_coefficient?: number;
  readonly noise_coefficient?: number;
  readonly "model_input_of_[0.75,-1.5]_noise_[0.3,2]"?: readonly [number, number];
  readonly "alphas_cumprod[t]"?: number;
}

interface ScheduleOutputs {
  readonly count: number;
  readonly init_noise_sigma: number;
  readonly steps: readonly StepCase[];
}

const cases = goldenCases("scheduler");

function expectNear(actual: ArrayLike<number>, { data }: GoldenTensor, tolerance: number): void {
  const expected = Array.from(data as ArrayLike<number | bigint>, Number);
  expect(actual).toHaveLength(expected.length);
  const largest = Math.max(...expected.map(Math.abs));
  const worst = expected.reduce((most, value, i) => Math.max(most, Math.abs(value - actual[i]!)), 0);
  expect(worst).toBeLessThanOrEqual(tolerance * largest);
}

test("no case is lost", () => expect(cases).toHaveLength(13));

describe.each(cases.map((goldenCase) => [goldenCase.id, goldenCase] as const))("%s", (_, goldenCase) => {
  // The case's config may carry the class name of the file it was made from; `source` names the class that was run.
  const className = /diffusers (\w+)\./.exec(goldenCase.source)![1];
  const config = { ...(goldenCase.parameters["config"] as object), _class_name: className };
  const schedule = createNoiseSchedule(parseSchedulerConfig(config), goldenCase.parameters["num_inference_steps"] as number);
  const outputs = goldenCase.outputs as unknown as ScheduleOutputs;
  const tensors = readGoldenTensors(goldenCase);

  test("the list of timesteps", () => {
    expect(schedule.timesteps).toHaveLength(outputs.count);
    expect(schedule.timesteps).toEqual(Array.from(tensors.get("timesteps")!.data as ArrayLike<number | bigint>, Number));
  });

  test("alphas, sigmas and the initial scale", () => {
    expectNear(schedule.alphasCumprod, tensors.get("alphas_cumprod")!, goldenCase.tolerance["tensors"]!);
    const sigmas = tensors.get("sigmas");
    expect(schedule.sigmas === null).toBe(sigmas === undefined);
    if (sigmas !== undefined) expectNear(schedule.sigmas!, sigmas, goldenCase.tolerance["tensors"]!);
    expect(Math.abs(schedule.initNoiseSigma / outputs.init_noise_sigma - 1)).toBeLessThan(1e-6);
  });

  test.each(outputs.steps.map((step) => [step.target_step, step] as const))("step %i", (step, expected) => {
    if (expected.error !== undefined) {
      expect(() => noiseLevelOfStep(schedule, step)).toThrow(expect.objectContaining({ code: "step/out-of-range" }));
      return;
    }
    const tolerance = goldenCase.tolerance["coefficients"]!;
    const near = (actual: number, value: number): void =>
      expect(Math.abs(actual - value)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(value)));
    const level = noiseLevelOfStep(schedule, step);
    expect(level.timestep).toBe(expected.t);
    near(level.signal, expected.x_coefficient!);
    near(level.noise, expected.noise_coefficient!);
    const input = scaleModelInput(addNoise(Float32Array.of(0.75, -1.5), Float32Array.of(0.3, 2), level), level);
    expected["model_input_of_[0.75,-1.5]_noise_[0.3,2]"]!.forEach((value, i) => near(input[i]!, value));
    if (expected["alphas_cumprod[t]"] !== undefined) near(schedule.alphasCumprod[level.timestep]!, expected["alphas_cumprod[t]"]);
  });
});
