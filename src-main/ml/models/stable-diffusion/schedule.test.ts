import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addNoise, createNoiseSchedule, noiseLevelOfStep, noiseLevelOfTimestep, scaleModelInput, timestepOfStep } from "./schedule";
import { parseSchedulerConfig, schedulerClasses } from "./scheduler-config";

const stableDiffusion = { beta_start: 0.00085, beta_end: 0.012, beta_schedule: "scaled_linear", steps_offset: 1 };
const pndm = createNoiseSchedule(parseSchedulerConfig({ ...stableDiffusion, _class_name: "PNDMScheduler", skip_prk_steps: true }));
const ddim = createNoiseSchedule(parseSchedulerConfig({ ...stableDiffusion, _class_name: "DDIMScheduler" }));

const spacing = fc.constantFrom("leading", "linspace", "trailing");
const anyConfig = fc.record({
  _class_name: fc.constantFrom(...schedulerClasses),
  beta_start: fc.constant(0.0001),
  beta_end: fc.constant(0.02),
  beta_schedule: fc.constantFrom("linear", "scaled_linear", "squaredcos_cap_v2"),
  timestep_spacing: spacing,
  skip_prk_steps: fc.boolean(),
});

describe("configuration", () => {
  test("defaults are those of each class", () => {
    expect(parseSchedulerConfig({ _class_name: "DDIMScheduler" })).toMatchObject({
      betaStart: 0.0001,
      betaEnd: 0.02,
      betaSchedule: "linear",
      timestepSpacing: "leading",
      stepsOffset: 0,
      numTrainTimesteps: 1000,
    });
    expect(parseSchedulerConfig({ _class_name: "EulerDiscreteScheduler" }).timestepSpacing).toBe("linspace");
  });

  test.each([
    [{ _class_name: "FlowMatchEulerDiscreteScheduler" }, "_class_name"],
    [{ _class_name: "LCMScheduler", beta_start: 0.00085, beta_end: 0.012 }, "beta_schedule"],
    [{ _class_name: "DDIMScheduler", trained_betas: [0.1] }, "trained_betas"],
    [{ _class_name: "PNDMScheduler", rescale_betas_zero_snr: true }, "rescale_betas_zero_snr"],
    [{ _class_name: "DDIMScheduler", num_train_timesteps: 0 }, "num_train_timesteps"],
  ])("%j is refused by name", (json, field) => {
    expect(() => parseSchedulerConfig(json)).toThrow(
      expect.objectContaining({ code: "graph/unsupported-config", message: expect.stringContaining(field) }),
    );
  });
});

describe("steps", () => {
  test("the same step is another timestep on another scheduler", () => {
    expect(timestepOfStep(pndm, 900)).toBe(101);
    expect(timestepOfStep(ddim, 900)).toBe(100);
    expect(pndm.timesteps.slice(0, 4)).toEqual([1000, 999, 999, 998]);
  });

  test("a step without a noise level says so and names the legal ones", () => {
    expect(() => timestepOfStep(pndm, 0)).toThrow(
      expect.objectContaining({
        code: "step/out-of-range",
        message: "Step 0, which is timestep 1000, has no noise level.",
        hint: "Choose a step from 1 (t = 999, noisiest) to 1000 (t = 1, cleanest).",
      }),
    );
    expect(() => timestepOfStep(ddim, 1000)).toThrow(/not in the list of 1000 steps/);
    for (const step of [-1, 0.5, Number.NaN])
      expect(() => timestepOfStep(ddim, step)).toThrow(expect.objectContaining({ code: "step/out-of-range" }));
    for (const timestep of [-1, 1000, 0.5])
      expect(() => noiseLevelOfTimestep(ddim, timestep)).toThrow(expect.objectContaining({ code: "step/out-of-range" }));
    expect(() => createNoiseSchedule(ddim.config, 0)).toThrow(expect.objectContaining({ code: "step/out-of-range" }));
  });

  test.each([
    [{ _class_name: "LCMScheduler" }, "The steps of LCMScheduler cannot be counted."],
    [
      { _class_name: "DPMSolverMultistepScheduler", use_karras_sigmas: true },
      "The steps of DPMSolverMultistepScheduler cannot be counted with use_karras_sigmas.",
    ],
  ])("%j has timesteps, but no steps", (json, message) => {
    const schedule = createNoiseSchedule(parseSchedulerConfig({ ...stableDiffusion, ...json }));
    expect(noiseLevelOfTimestep(schedule, 101)).toEqual(noiseLevelOfTimestep(ddim, 101));
    expect(() => timestepOfStep(schedule, 900)).toThrow(expect.objectContaining({ code: "step/out-of-range", message }));
  });

  test("an ancestral sampler lists its steps and scales latents as Euler's does", () => {
    for (const timestep_spacing of ["leading", "linspace", "trailing"]) {
      const [euler, ancestral, lms] = ["EulerDiscreteScheduler", "EulerAncestralDiscreteScheduler", "LMSDiscreteScheduler"].map(
        (_class_name) => createNoiseSchedule(parseSchedulerConfig({ ...stableDiffusion, timestep_spacing, _class_name })),
      );
      for (const same of [ancestral, lms]) {
        expect(same?.timesteps).toEqual(euler?.timesteps);
        expect(same?.initNoiseSigma).toBe(euler?.initNoiseSigma);
        expect(noiseLevelOfStep(same!, 900)).toEqual(noiseLevelOfStep(euler!, 900));
      }
    }
  });

  test("law: timesteps never rise, and fewer steps stay within training", () => {
    fc.assert(
      fc.property(anyConfig, fc.integer({ min: 5, max: 1000 }), (json, steps) => {
        const schedule = createNoiseSchedule(parseSchedulerConfig(json), steps);
        // PNDM's half steps go up on purpose while it warms up.
        if (schedule.config.schedulerClass !== "PNDMScheduler" || json.skip_prk_steps) {
          for (let i = 1; i < schedule.timesteps.length; i++) expect(schedule.timesteps[i]).toBeLessThanOrEqual(schedule.timesteps[i - 1]!);
        }
        expect(Math.min(...schedule.timesteps)).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 50 },
    );
  });
});

describe("noise", () => {
  test("law: less of the picture is left at each timestep, and variance is kept", () => {
    fc.assert(
      fc.property(anyConfig, fc.nat(998), (json, t) => {
        const schedule = createNoiseSchedule(parseSchedulerConfig(json));
        expect(schedule.alphasCumprod[t + 1]).toBeLessThan(schedule.alphasCumprod[t]!);
        const { signal, noise } = noiseLevelOfTimestep(schedule, t);
        expect(signal ** 2 + noise ** 2).toBeCloseTo(1, 6);
      }),
      { numRuns: 50 },
    );
  });

  test("Euler scales the picture back after adding noise, so both ways meet", () => {
    const euler = createNoiseSchedule(
      parseSchedulerConfig({ ...stableDiffusion, _class_name: "EulerDiscreteScheduler", timestep_spacing: "leading" }),
    );
    const [latent, gaussian] = [Float32Array.of(0.5, -2), Float32Array.of(1, 0.25)];
    const bySigma = noiseLevelOfStep(euler, 400);
    const byShare = noiseLevelOfTimestep(euler, bySigma.timestep);
    const scaled = scaleModelInput(addNoise(latent, gaussian, bySigma), bySigma);
    addNoise(latent, gaussian, byShare).forEach((value, i) => expect(scaled[i]).toBeCloseTo(value, 5));
    expect(() => addNoise(latent, gaussian.subarray(1), byShare)).toThrow("1 noise numbers");
  });
});
