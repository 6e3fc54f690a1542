/** @file Looking past a property: a score less another one. Scores of two metrics share no scale, so both are counted in spreads of random pairs. */
import type { Question } from "./model-card";
import type { LookedPast } from "./search";

/** Weights that help where the rivals share the other property and cost little elsewhere; measured in docs/look-versus-thing.md. */
export const usualAgainstWeights: Readonly<Record<Question, number>> = { style: 0.1, instance: 0.3, semantic: 0.3 };

/**
 * What results are ordered by where a question looks past a property: how far `score` lies above the middle of random pairs, less `weight` times
 * how far `againstScore` does, each in standard deviations of its own metric. A picture without an `againstScore` counts as an average one.
 */
export function adjustedScore(
  score: number,
  againstScore: number | null,
  { weight, spread, againstSpread }: Omit<LookedPast, "metric">,
): number {
  const own = (score - spread.mean) / spread.deviation;
  return againstScore === null ? own : own - (weight * (againstScore - againstSpread.mean)) / againstSpread.deviation;
}
