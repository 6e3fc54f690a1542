/** @file One score out of a picture's scores against every reference of a question. */
import { appError } from "#shared/domain/app-error";
import type { Combine } from "#shared/domain/search";

/**
 * Combines `scores[i]`, the score against reference i, with `weights[i]` in [-1, 1].
 *
 *   wanted   = mean, max or min over the references of positive weight (the mean is weighted)
 *   unwanted = sum of |w| * score over the references of negative weight
 *   combined = wanted - unwanted
 *
 * One reference of weight 1 therefore keeps its own score, and `--minus` at -0.4 is "like this, less 0.4 of that".
 * References of weight 0 do not count. With negative references only, `wanted` is 0.
 */
export function combineScores(scores: readonly number[], weights: readonly number[], combine: Combine): number {
  let weighted = 0;
  let positiveWeight = 0;
  let highest = -Infinity;
  let lowest = Infinity;
  let unwanted = 0;
  for (const [index, weight] of weights.entries()) {
    const score = scores[index] ?? 0;
    if (weight > 0) {
      weighted += weight * score;
      positiveWeight += weight;
      highest = Math.max(highest, score);
      lowest = Math.min(lowest, score);
    } else {
      unwanted -= weight * score;
    }
  }
  if (positiveWeight === 0) return -unwanted;
  const wanted = combine === "max" ? highest : combine === "min" ? lowest : weighted / positiveWeight;
  return wanted - unwanted;
}

/** Refuses a question in which no reference counts. */
export function checkWeights(weights: readonly number[]): void {
  if (weights.every((weight) => weight === 0)) {
    throw appError("usage/invalid", "Every reference has the weight 0, so there is nothing to look for.", {
      hint: "Give at least one reference a weight other than 0.",
    });
  }
}
