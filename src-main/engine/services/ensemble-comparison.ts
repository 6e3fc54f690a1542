/**
 * @file The ensemble's graded score of a pair: each voter's score becomes its percentile among random pairs of the person's own library, and the
 * ensemble is their mean. A pair alone has no majority; the published hard vote needs a triplet, see `semblance bench`.
 */
import { appError } from "#shared/domain/app-error";
import type { FeatureRecipe, MetricName } from "#shared/domain/feature-recipe";
import { type EnsembleVoter, ensembleVoters, usualVoters } from "../../ml/metrics/ensemble/voters";
import { findMetric, metrics } from "../../ml/metrics/registry";
import type { Engine } from "../engine";
import { minimumPairs, voteRarity } from "./random-pairs";

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
  const metricsOfVoters: MetricName[] = [];
  for (const voter of ensembleVoters) metricsOfVoters.push(await spokesman(engine, voter));
  const members: EnsembleMember[] = [];
  for (const metric of metricsOfVoters) {
    const { score, rarity, recipe, modelName } = await engine.compare.pair({ a: first.id, b: second.id, metric });
    if (rarity === null) throw tooFewPairs(metric);
    members.push({ metric, score, percentile: 1 - rarity, vote: rarity <= voteRarity, model: modelName, recipe });
  }
  return {
    score: members.reduce((sum, { percentile }) => sum + percentile, 0) / members.length,
    members,
    device: (await engine.inference.device()).id,
    milliseconds: performance.now() - startedMs,
  };
}

/** The metric of a voter whose model the library knows, the usual one first. */
async function spokesman(engine: Engine, { voter, usual }: EnsembleVoter): Promise<MetricName> {
  const others = metrics.filter(({ name, vote, createExtractor }) => vote === voter && createExtractor !== undefined && name !== usual);
  const candidates = [usual, ...others.map(({ name }) => name)];
  for (const name of candidates) if ((await engine.recipes.find(name)) !== null) return name;
  const titles = candidates.map((name) => findMetric(name).title).join(" or ");
  throw appError(
    "metric/needs-model",
    `The ensemble needs a model for each of its three voters, and the library knows none that runs ${titles}.`,
    {
      hint: `Add it with \`semblance models add PATH\`; the voters are ${usualVoters.join(", ")}.`,
    },
  );
}

function tooFewPairs(metric: MetricName): Error {
  return appError(
    "library/not-indexed",
    `The ensemble's score is a percentile among pairs of your library, and fewer than ${minimumPairs} pairs of it are measured with ${metric}.`,
    { hint: `Add at least 21 pictures and run \`semblance index run --metric ${usualVoters.join(" ")}\`.` },
  );
}
