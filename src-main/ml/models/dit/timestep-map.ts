/**
 * @file The timesteps of a schedule respaced to fewer steps.
 * Source: facebookresearch/DiT `diffusion/respace.py` `space_timesteps` with one section, as the published DiffSim calls it.
 */
import { roundHalfToEven } from "../../tensor/round-half-to-even";

/** Timesteps a DiT was trained on. */
export const TRAINED_TIMESTEPS = 1000;

/** `count` (at least two) of the trained timesteps, evenly spaced from the first to the last, ascending. */
export function respacedTimesteps(count: number): readonly number[] {
  const stride = (TRAINED_TIMESTEPS - 1) / (count - 1);
  let position = 0; // added up as the source does: its rounding errors decide some of the timesteps
  return Array.from({ length: count }, () => {
    const timestep = roundHalfToEven(position);
    position += stride;
    return timestep;
  });
}
