/** @file A tapped self-attention as features for the Aligned Attention Score, and their scores. */
import type { SimilarityMeasure } from "#shared/domain/feature-recipe";
import type { TappedPicture } from "../../features/diffusion/tap-pictures";
import type { ResolvedTap } from "../../features/tap-names/resolve-taps";
import { createAlignedAttention } from "../../scoring/aligned-attention";
import { meanOutput } from "../../scoring/mean-output";
import { unit } from "../../tensor/linear-algebra";
import type { Float32Tensor } from "../../tensor/tensor";
import { directedScore } from "../diffsim/scores";
import type { ImageFeatures, MetricContext, PairScore } from "../metric";
import { pairScore } from "../vision/pair-score";
import { requiredAttention } from "../vision/required-attention";

/** The features of query, key, value and output of one attention, in this order, each [heads, tokens, headDim]. */
export function tappedAttention(tapped: TappedPicture, taps: readonly ResolvedTap[]): ImageFeatures {
  const [query, key, value, output] = taps.map(({ name }) => tapped.get(name)) as [
    Float32Tensor,
    Float32Tensor,
    Float32Tensor,
    Float32Tensor,
  ];
  const [heads = 1, tokens = 1, headDim = 1] = query.shape;
  const side = Math.round(Math.sqrt(tokens)); // pictures are squashed to squares
  const grid = { rows: side, columns: side, prefix: 0 };
  const attention = { heads, tokens, headDim, grid, query: query.data, key: key.data, value: value.data, output: output.data };
  return { pooled: unit(meanOutput(attention)), attention };
}

/** One picture against others, in both directions. Throws scoring/incompatible-features. */
export async function scoreAttention(
  context: MetricContext,
  query: ImageFeatures,
  targets: readonly ImageFeatures[],
  similarity: SimilarityMeasure = "cosine",
): Promise<readonly PairScore[]> {
  const own = requiredAttention(query);
  const others = targets.map(requiredAttention);
  const { heads, headDim } = own;
  const aligned = await createAlignedAttention({ heads, headDim, ...context.runtime, sessions: context.sessions });
  const scores = await aligned.score(own, others);
  return scores.map((score, i) => pairScore(score, { a: own.grid, b: (others[i] ?? own).grid }, directedScore(score, similarity).score));
}
