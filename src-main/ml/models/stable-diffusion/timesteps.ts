/**
 * @file The list of timesteps a sampler would visit, first step first. The published metrics take a step's *place in this list* as their noise level.
 * Source: `set_timesteps` of the diffusers 0.29 schedulers.
 */
import { exhaustive } from "#shared/lib/exhaustive";
import { roundHalfToEven } from "../../tensor/round-half-to-even";
import type { SchedulerConfig } from "./scheduler-config";

/** Timesteps of `steps` inference steps, noisiest first (PNDM adds repeats, so its list is longer); none for a scheduler whose list is not built here. */
export function timestepsOf(config: SchedulerConfig, steps: number): readonly number[] {
  switch (config.kind) {
    case "pndm":
      return pndmTimesteps(evenTimesteps(config, steps), config, steps);
    case "ddim":
    case "euler":
      return evenTimesteps(config, steps).reverse();
    case "multistep":
      return multistepTimesteps(config, steps);
    case "unlisted":
      return [];
    default:
      return exhaustive(config.kind);
  }
}

/** Ascending timesteps in one of the three spacings. */
function evenTimesteps({ timestepSpacing, stepsOffset, numTrainTimesteps, kind }: SchedulerConfig, steps: number): number[] {
  switch (timestepSpacing) {
    case "linspace": {
      const spacing = (numTrainTimesteps - 1) / Math.max(1, steps - 1);
      const round = kind === "euler" ? Math.fround : roundHalfToEven;
      return range(steps, (i) => round(i * spacing));
    }
    case "leading": {
      const spacing = Math.floor(numTrainTimesteps / steps);
      return range(steps, (i) => i * spacing + stepsOffset);
    }
    case "trailing":
      return trailingTimesteps(numTrainTimesteps, steps);
    default:
      return exhaustive(timestepSpacing);
  }
}

/** DPM-Solver++ and UniPC space one step more and leave the cleanest out. With "leading" and as many steps as training had, all are `stepsOffset`. */
function multistepTimesteps(config: SchedulerConfig, steps: number): readonly number[] {
  const last = config.numTrainTimesteps;
  if (config.timestepSpacing === "trailing") return trailingTimesteps(last, steps).reverse();
  const spacing = config.timestepSpacing === "linspace" ? (last - 1) / steps : Math.floor(last / (steps + 1));
  const offset = config.timestepSpacing === "linspace" ? 0 : config.stepsOffset;
  return range(steps, (i) => roundHalfToEven((i + 1) * spacing) + offset).reverse();
}

function trailingTimesteps(numTrainTimesteps: number, steps: number): number[] {
  const spacing = numTrainTimesteps / steps;
  return range(steps, (i) => roundHalfToEven(numTrainTimesteps - i * spacing) - 1).reverse();
}

/** PNDM repeats its second timestep; with the Runge-Kutta warm-up it visits the first four several times instead. */
function pndmTimesteps(
  ascending: readonly number[],
  { skipPrkSteps, numTrainTimesteps }: SchedulerConfig,
  steps: number,
): readonly number[] {
  if (skipPrkSteps) return [...ascending.slice(0, -1), ...ascending.slice(-2, -1), ...ascending.slice(-1)].reverse();
  const halfStep = Math.floor(Math.floor(numTrainTimesteps / steps) / 2);
  const visited = ascending.slice(-4).flatMap((timestep) => [timestep, timestep + halfStep]);
  const warmUp = visited.slice(0, -1).flatMap((timestep) => [timestep, timestep]);
  return [...warmUp.slice(1, -1).reverse(), ...ascending.slice(0, -3).reverse()];
}

function range(count: number, valueAt: (index: number) => number): number[] {
  return Array.from({ length: count }, (_, index) => valueAt(index));
}
