/**
 * @file The ensemble's hard vote: each metric votes for the picture it finds nearer to the reference, and the majority wins.
 * Source: Song et al., "DiffSim", ICCV 2025; decision blocks of the published *_main.py (quirks E1-E3).
 */
import type { ScoringMode } from "#shared/domain/feature-recipe";

/** The scores of one reference against the two pictures it is to choose from. */
export interface PairOfScores {
  readonly a: number;
  readonly b: number;
}

/** What a metric, or an ensemble, makes of a triplet. */
export type Decision = "a" | "b" | "tie";

/** A vote: 1 for a, 0 for b, a half where nothing is to choose between them. */
export type Vote = 0 | 0.5 | 1;

/** The picture that a score calls nearer; equal scores, and scores that are no numbers, are a tie. */
export function nearerOf({ a, b }: PairOfScores, direction: "similarity" | "distance"): Decision {
  if (a === b || Number.isNaN(a) || Number.isNaN(b)) return "tie";
  return a > b === (direction === "similarity") ? "a" : "b";
}

const corrected: Readonly<Record<Decision, Vote>> = { a: 1, b: 0, tie: 0.5 };

/**
 * The vote of one metric. The published scripts vote for b only where a's score is smaller, whatever the score is: ties, and scores
 * that are no numbers, are votes for a, and a distance votes the wrong way. Corrected, a tie is half a vote and a distance is one.
 */
export function voteOf(scores: PairOfScores, rule: { readonly mode: ScoringMode; readonly direction: "similarity" | "distance" }): Vote {
  if (rule.mode === "published") return scores.a < scores.b ? 0 : 1;
  return corrected[nearerOf(scores, rule.direction)];
}

/** What more than half of the votes are for. Of three whole votes that is two. */
export function majority(votes: readonly Vote[]): Decision {
  const share = votes.reduce<number>((sum, vote) => sum + vote, 0) / votes.length;
  return share > 0.5 ? "a" : share < 0.5 ? "b" : "tie";
}
