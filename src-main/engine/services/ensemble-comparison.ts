/**
 * @file The ensemble's graded score of a pair: each voter's score becomes its percentile among random pairs of the person's own library, and the
 * ensemble is their mean. A pair alone has no majority; the published hard vote needs a triplet, see `semblance bench`.
 */
import type { FeatureRecipe, MetricName } from "#shared/domain/feature-recipe";
import { voteRarity } from "#shared/domain/rarity";
import type { Engine } from "../engine";
import { ensembleRecipes, percentileOf } from "./ensemble-voters";

/** What one voter says of a pair. */
export interface EnsembleMember {
  readonly metric: MetricName;
  readonly score: number;
  /** Share of the library's random pairs that score lower, in [0, 1]. */
  readonly percentile: number;
  /** Whether the score is as rare as a vote asks for. */
  readonly vote: boolean;
  readonly model: string;
  readonly recipe: FeatureRecipe;
}

export interface EnsembleComparison {
  /** Mean of the percentiles. */
  readonly score: number;
  readonly members: readonly EnsembleMember[];
  readonly device: string;
  readonly milliseconds: number;
}

/** Compares two picture files. Throws image/..., metric/needs-model for a voter without a model, library/not-indexed for one without enough pairs. */
export async function compareByEnsemble(engine: Engine, a: string, b: string): Promise<EnsembleComparison> {
  const startedMs = performance.now();
  const [first, second] = [await engine.library.picture(a), await engine.library.picture(b)];
  const members: EnsembleMember[] = [];
  for (const { key, recipe, modelName } of await ensembleRecipes(engine.recipes)) {
    const { metric } = key;
    const { score, rarity } = await engine.compare.pair({ a: first.id, b: second.id, metric });
    const percentile = percentileOf(rarity, metric);
    members.push({ metric, score, percentile, vote: (rarity ?? 1) <= voteRarity, model: modelName, recipe });
  }
  return {
    score: members.reduce((sum, { percentile }) => sum + percentile, 0) / members.length,
    members,
    device: (await engine.inference.device()).id,
    milliseconds: performance.now() - startedMs,
  };
}
