/** @file One score from the two directions of an aligned comparison. */
import type { SimilarityMeasure } from "#shared/domain/feature-recipe";
import { createAlignedAttention, type AlignedScore } from "../../scoring/aligned-attention";
import type { AttentionFeatures } from "../../scoring/attention-features";
import type { MetricContext } from "../metric";

export interface DirectedScore {
  readonly score: number;
  readonly directions: { readonly ab: number; readonly ba: number };
}

/** The mean of both directions, by cosine (higher is more alike) or mean squared error (lower is more alike). */
export function directedScore(aligned: AlignedScore, similarity: SimilarityMeasure): DirectedScore {
  const [ab, ba] = similarity === "cosine" ? [aligned.ab, aligned.ba] : [aligned.mseAb, aligned.mseBa];
  return { score: (ab + ba) / 2, directions: { ab, ba } };
}

/** The score of two pictures by their features. Throws scoring/incompatible-features. */
export async function scoreFeatures(
  context: MetricContext,
  similarity: SimilarityMeasure,
  [a, b]: readonly [AttentionFeatures, AttentionFeatures],
): Promise<DirectedScore> {
  const { heads, headDim } = a;
  const aligned = await createAlignedAttention({ heads, headDim, ...context.runtime, sessions: context.sessions });
  const [score] = await aligned.score(a, [b]);
  return directedScore(score as NonNullable<typeof score>, similarity);
}

/** The mean over repetitions with other noise. */
export function meanScore(scores: readonly DirectedScore[]): DirectedScore {
  const mean = (of: (score: DirectedScore) => number) => scores.reduce((sum, score) => sum + of(score), 0) / scores.length;
  return {
    score: mean(({ score }) => score),
    directions: { ab: mean(({ directions }) => directions.ab), ba: mean(({ directions }) => directions.ba) },
  };
}
