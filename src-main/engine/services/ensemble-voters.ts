/** @file Who speaks for the ensemble in a library: for each voter the metric whose model the library knows, and its percentiles. */
import { appError } from "#shared/domain/app-error";
import type { MetricName } from "#shared/domain/feature-recipe";
import { minimumPairs } from "#shared/domain/rarity";
import { type EnsembleVoter, ensembleVoters, usualVoters } from "../../ml/metrics/ensemble/voters";
import { findMetric, metrics } from "../../ml/metrics/registry";
import type { MeasureRecipe, MeasureRecipes } from "./measure-recipes";

/** One recipe a voter, the usual metric first. Throws metric/needs-model for a voter without a model. */
export async function ensembleRecipes(recipes: MeasureRecipes): Promise<readonly MeasureRecipe[]> {
  const found: MeasureRecipe[] = [];
  for (const voter of ensembleVoters) found.push(await spokesman(recipes, voter));
  return found;
}

async function spokesman(recipes: MeasureRecipes, { voter, usual }: EnsembleVoter): Promise<MeasureRecipe> {
  const others = metrics.filter(({ name, vote, createExtractor }) => vote === voter && createExtractor !== undefined && name !== usual);
  const candidates = [usual, ...others.map(({ name }) => name)];
  for (const name of candidates) {
    const recipe = await recipes.find(name);
    if (recipe !== null) return recipe;
  }
  const titles = candidates.map((name) => findMetric(name).title).join(" or ");
  throw appError(
    "metric/needs-model",
    `The ensemble needs a model for each of its three voters, and the library knows none that runs ${titles}.`,
    {
      hint: `Add it with \`semblance models add PATH\`; the voters are ${usualVoters.join(", ")}.`,
    },
  );
}

/** Share of the library's random pairs that score lower, in [0, 1], from the share that scores at least as high. Throws library/not-indexed for null. */
export function percentileOf(rarity: number | null, metric: MetricName): number {
  if (rarity !== null) return 1 - rarity;
  throw appError(
    "library/not-indexed",
    `The ensemble's score is a percentile among pairs of your library, and fewer than ${minimumPairs} pairs of it are measured with ${metric}.`,
    { hint: `Add at least 21 pictures and run \`semblance index run --metric ${usualVoters.join(" ")}\`.` },
  );
}
