/**
 * @file How noisy a latent becomes: from a step or a timestep to the factors of picture and noise.
 * A *timestep* t counts training noise levels from 0 (clean). A *step* is a place in the sampler's list of timesteps, noisiest first;
 * the published DiffSim means steps, so its "900" is t = 101 on one checkpoint and t = 100 on another.
 * Source: diffusers 0.29 schedulers (`add_noise`, `scale_model_input`); diffsim/diffsim_pipeline.py.
 */
import { appError } from "#shared/domain/app-error";
import { alphasCumprod } from "./betas";
import type { SchedulerConfig } from "./scheduler-config";
import { timestepsOf } from "./timesteps";

const { fround } = Math;

/** The published code always asks for this many steps. */
export const PUBLISHED_STEPS = 1000;

/** A scheduler after `set_timesteps`. */
export interface NoiseSchedule {
  readonly config: SchedulerConfig;
  /** Noisiest first; empty for a scheduler whose list is not built here. May hold a timestep that was never trained (t = 1000), and repeats. */
  readonly timesteps: readonly number[];
  /** Share of the picture's variance left, per training timestep; float32. */
  readonly alphasCumprod: Float32Array;
  /** Noise per unit of picture at each step, with the final one after the last; null for the kinds that do not use it. */
  readonly sigmas: Float32Array | null;
  /** What the pipeline multiplies latents by before it adds noise; 1 but for Euler. */
  readonly initNoiseSigma: number;
}

/** The factors of one noise level: `(signal * latent + noise * gaussian) / divisor`, with float32 rounding after each operation. */
export interface NoiseLevel {
  readonly timestep: number;
  readonly signal: number;
  readonly noise: number;
  readonly divisor: number;
}

/** Builds the schedule of a checkpoint. */
export function createNoiseSchedule(config: SchedulerConfig, steps: number = PUBLISHED_STEPS): NoiseSchedule {
  if (!Number.isInteger(steps) || steps < 1 || steps > config.numTrainTimesteps) {
    throw appError(
      "step/out-of-range",
      `A schedule of ${steps} steps is not possible with ${config.numTrainTimesteps} training timesteps.`,
      { hint: `Ask for 1 to ${config.numTrainTimesteps} steps.` },
    );
  }
  const products = alphasCumprod(config);
  const timesteps = timestepsOf(config, steps);
  const usesSigmas = config.kind === "euler" || config.kind === "multistep";
  const sigmas = usesSigmas ? sigmasOf(products, timesteps, config) : null;
  return { config, timesteps, alphasCumprod: products, sigmas, initNoiseSigma: initNoiseSigmaOf(config, sigmas) };
}

/**
 * The timestep of a step, as the published `target_step` means it.
 *
 * @throws step/out-of-range beyond the list, or where the step's timestep has no noise level (t = 1000 of a model trained on 0 to 999),
 *   or where the scheduler's steps are not listed
 */
export function timestepOfStep(schedule: NoiseSchedule, step: number): number {
  const { schedulerClass, kind, unlistedBy } = schedule.config;
  if (unlistedBy !== null)
    throw appError(
      "step/out-of-range",
      `The steps of ${schedulerClass} cannot be counted${unlistedBy === schedulerClass ? "" : ` with ${unlistedBy}`}.`,
      {
        hint: "Give the timestep itself (--timestep), or leave both out in the corrected mode (--mode corrected).",
      },
    );
  const timestep = Number.isInteger(step) && step >= 0 ? schedule.timesteps[step] : undefined;
  if (timestep === undefined)
    throw stepOutOfRange(schedule, `Step ${step} is not in the list of ${schedule.timesteps.length} steps of ${schedulerClass}.`);
  if (kind === "euler") return timestep; // Euler interpolates its noise and so never fails
  if (timestep >= schedule.alphasCumprod.length)
    throw stepOutOfRange(schedule, `Step ${step}, which is timestep ${timestep}, has no noise level.`);
  return timestep;
}

/** Noise level of a step with the checkpoint's own scheduler: what the published pipeline does. Throws as {@link timestepOfStep}. */
export function noiseLevelOfStep(schedule: NoiseSchedule, step: number): NoiseLevel {
  const timestep = timestepOfStep(schedule, step);
  if (schedule.sigmas === null) return noiseLevelOfTimestep(schedule, timestep);
  const sigma = schedule.sigmas[indexOfTimestep(schedule, timestep)]!;
  const length = fround(Math.sqrt(fround(fround(sigma * sigma) + 1)));
  if (schedule.config.kind === "euler") return { timestep, signal: 1, noise: sigma, divisor: length };
  const signal = fround(1 / length);
  return { timestep, signal, noise: fround(sigma * signal), divisor: 1 };
}

/**
 * Noise level of a training timestep, whatever the scheduler: `sqrt(a) x + sqrt(1 - a) noise` with `a` the share of the picture left.
 *
 * @throws step/out-of-range
 */
export function noiseLevelOfTimestep(schedule: NoiseSchedule, timestep: number): NoiseLevel {
  const share = Number.isInteger(timestep) ? schedule.alphasCumprod[timestep] : undefined;
  if (share === undefined) {
    throw appError("step/out-of-range", `Timestep ${timestep} has no noise level.`, {
      hint: `Choose a whole number from 0 (clean) to ${schedule.alphasCumprod.length - 1} (noisiest).`,
    });
  }
  return { timestep, signal: fround(Math.sqrt(share)), noise: fround(Math.sqrt(fround(1 - share))), divisor: 1 };
}

/** Adds noise at a level: a fresh array of the latent's length. The two arrays must be equally long. */
export function addNoise(latent: Float32Array, gaussian: Float32Array, level: NoiseLevel): Float32Array {
  if (latent.length !== gaussian.length) throw new Error(`${gaussian.length} noise numbers do not fit a latent of ${latent.length}`);
  return latent.map((value, i) => fround(level.signal * value) + fround(level.noise * gaussian[i]!));
}

/** Brings a noisy latent to the scale the network was trained on; only Euler changes it. */
export function scaleModelInput(noisy: Float32Array, level: NoiseLevel): Float32Array {
  return level.divisor === 1 ? noisy : noisy.map((value) => value / level.divisor);
}

/** Noise per unit of picture, interpolated between training timesteps; past the last one it stays. */
function sigmasOf(products: Float32Array, timesteps: readonly number[], config: SchedulerConfig): Float32Array {
  const trained = products.map((share) => Math.sqrt(fround(fround(1 - share) / share)));
  const last = trained.length - 1;
  const visited = timesteps.map((timestep) => {
    const below = Math.min(last, Math.floor(timestep));
    const above = Math.min(last, below + 1);
    return trained[below]! + (trained[above]! - trained[below]!) * (timestep - Math.floor(timestep));
  });
  const isZeroLast = config.kind === "euler" || config.finalSigmasType === "zero";
  return Float32Array.from([...visited, isZeroLast ? 0 : trained[0]!]);
}

function initNoiseSigmaOf(config: SchedulerConfig, sigmas: Float32Array | null): number {
  if (config.kind !== "euler" || sigmas === null) return 1;
  const largest = sigmas.reduce((most, sigma) => Math.max(most, sigma), 0);
  return config.timestepSpacing === "leading" ? fround(Math.sqrt(fround(fround(largest * largest) + 1))) : largest;
}

/** Where diffusers looks a timestep up again: the second place if it is there more than once. */
function indexOfTimestep(schedule: NoiseSchedule, timestep: number): number {
  const first = schedule.timesteps.indexOf(timestep);
  const second = schedule.timesteps.indexOf(timestep, first + 1);
  return second === -1 ? first : second;
}

function stepOutOfRange(schedule: NoiseSchedule, message: string): Error {
  const hasLevel = (timestep: number): boolean => schedule.config.kind === "euler" || timestep < schedule.alphasCumprod.length;
  const first = schedule.timesteps.findIndex(hasLevel);
  const last = schedule.timesteps.findLastIndex(hasLevel);
  return appError("step/out-of-range", message, {
    hint: `Choose a step from ${first} (t = ${schedule.timesteps[first]}, noisiest) to ${last} (t = ${schedule.timesteps[last]}, cleanest).`,
  });
}
