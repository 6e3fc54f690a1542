/** @file The candidate vectors of a picture under a recipe. */
import type { ImageFeatures } from "../../ml/metrics/metric";
import { findMetric } from "../../ml/metrics/registry";
import { candidateVectors, type CandidateCodebook, type CandidateVectors, type ScoreBlend } from "../../ml/retrieval/candidate-vector";
import type { MeasureRecipe } from "./measure-recipes";

/** Null for features that the codebook was not made for. */
export function vectorsOf(recipe: MeasureRecipe, codebook: CandidateCodebook, features: ImageFeatures): CandidateVectors | null {
  return candidateVectors(features, codebook, blendOf(recipe, features.pooled.length));
}

/** What the recipe's ranking score is made of besides the alignment; null where it is that alone. */
export function blendOf(recipe: MeasureRecipe, pooledLength: number): ScoreBlend | null {
  return findMetric(recipe.key.metric).blend?.(pooledLength) ?? null;
}
