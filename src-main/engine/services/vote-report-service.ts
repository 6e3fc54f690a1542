/** @file Votes on candidates: every family of metrics that the library is measured with looks at them, by its own exact scores and yardsticks. */
import type { CheckMeasure } from "#shared/domain/check";
import type { MetricName } from "#shared/domain/feature-recipe";
import type { SilentVoter, Voice, VotesEvent, VotesQuery } from "#shared/domain/vote-report";
import { ensembleVoters } from "../../ml/metrics/ensemble/voters";
import { findMetric } from "../../ml/metrics/registry";
import type { CheckService } from "./check-service";
import type { MeasureRecipe, MeasureRecipes } from "./measure-recipes";
import { spokesmanOf, spokesmenOf } from "./spokesmen";

export interface VoteReportService {
  /** Says how many pictures are measured, and the report at last. Throws what a check throws. */
  run(query: VotesQuery, signal?: AbortSignal): AsyncGenerator<VotesEvent, void, undefined>;
}

export interface VoteReportParts {
  readonly recipes: MeasureRecipes;
  readonly checks: CheckService;
}

/** Creates the service over one library. */
export function createVoteReportService({ recipes, checks }: VoteReportParts): VoteReportService {
  return {
    async *run({ references, assetIds, metric }, signal) {
      const measured = await recipes.active();
      const voices = voicesOf(measured, metric);
      const silent = await silentVoters(recipes, measured);
      const measures = voices.map((voice): CheckMeasure => ({ metric: voice.metric, area: "whole" }));
      // By models of all families at once, impostors that are not measured yet would take far longer than the pictures asked about.
      const order = { references, candidates: { kind: "assets" as const, assetIds }, measures, impostorsAreMeasured: true };
      for await (const { result, ...progress } of checks.run(order, signal))
        yield { ...progress, report: result === null ? null : { check: result, voices, silent } };
    },
  };
}

/** One voice a family; where the starter is all there is, each of its metrics is one, as the only two that can disagree. */
function voicesOf(measured: readonly MeasureRecipe[], asked: MetricName | null): Voice[] {
  const families = ensembleVoters.flatMap(({ voter }) => voiceOf(voter, spokesmanOf(measured, voter, asked)));
  const starter = families.length > 0 ? [spokesmanOf(measured, "starter", asked)] : spokesmenOf(measured, "starter");
  return [...families, ...starter.flatMap((recipe) => voiceOf("starter", recipe))];
}

function voiceOf(voter: Voice["voter"], recipe: MeasureRecipe | null): Voice[] {
  return recipe === null ? [] : [{ voter, metric: recipe.key.metric, title: findMetric(recipe.key.metric).title }];
}

async function silentVoters(recipes: MeasureRecipes, measured: readonly MeasureRecipe[]): Promise<SilentVoter[]> {
  const silent: SilentVoter[] = [];
  for (const { voter, usual } of ensembleVoters) {
    if (spokesmenOf(measured, voter).length > 0) continue;
    // A model that cannot be opened any more is a model that is missing.
    const isKnown = (await recipes.find(usual).catch(() => null)) !== null;
    silent.push({ voter, metric: usual, title: findMetric(usual).title, state: isKnown ? "not-measured" : "needs-model" });
  }
  return silent;
}
