/**
 * @file Looks past a property: ranks pictures by a metric's score less `weight` times another metric's, both in spreads of random pairs.
 *
 * [Note: Look versus thing] Style metrics also see what is shown, metrics of the subject also see how it is drawn. Where the wrong answers share
 * the other property, taking its score off helps; how much is measured in docs/look-versus-thing.md. The score that is shown stays the
 * metric's own; only the order follows the difference. Subtraction lifts pictures from further down, so twice as many candidates are ranked.
 */
import { adjustedScore } from "#shared/domain/adjusted-score";
import { appError } from "#shared/domain/app-error";
import type { AssetId } from "#shared/domain/asset";
import type { MetricName } from "#shared/domain/feature-recipe";
import { minimumPairs } from "#shared/domain/rarity";
import type { Against, LookedPast, SearchEvent, SearchQuery, Spread } from "#shared/domain/search";
import type { Store } from "../../data/store/store-types";
import { ensembleName } from "../metric-names";
import type { CandidateRanking, Scored } from "./candidate-ranking";
import type { MeasureRecipe, MeasureRecipes } from "./measure-recipes";
import { notMeasured } from "./not-measured";
import type { Yardstick } from "./random-pairs";
import type { YardstickService } from "./yardstick-service";

/** How many more results are ranked than asked for, and how many at least. */
const deeper = { times: 2, results: 200 } as const;

/** A picture with the score that is taken off its own; null where it is not measured with that metric. */
export interface Adjusted extends Scored {
  readonly againstScore: number | null;
  readonly adjusted: number;
}

export interface AgainstRanking {
  /** Whether exact scores of the other metric come after coarse ones. */
  readonly ranksByTokens: boolean;
  /** Orders pictures by their adjusted score, best first; `score` must be on the scale of `stage`. */
  order(stage: SearchEvent["stage"], scored: readonly Scored[], signal?: AbortSignal): Promise<readonly Adjusted[]>;
  /** The spreads that `order` counts in. */
  lookedPast(stage: SearchEvent["stage"]): Promise<LookedPast>;
}

export interface AgainstParts {
  readonly store: Store;
  readonly recipes: MeasureRecipes;
  readonly yardsticks: YardstickService;
  readonly ranking: CandidateRanking;
}

/** The query whose candidates are enough to look past a property. */
export function deeperQuery(query: SearchQuery): SearchQuery {
  return query.against === null ? query : { ...query, top: Math.max(deeper.times * query.top, deeper.results) };
}

/**
 * Opens the ranking of a query that looks past a property.
 * @throws usage/invalid for a property against itself or the ensemble, metric/needs-model, library/not-indexed
 */
export async function openAgainstRanking(parts: AgainstParts, query: SearchQuery, against: Against): Promise<AgainstRanking> {
  checkPair(query.metric, against.metric);
  const { store, recipes, yardsticks, ranking } = parts;
  const [own, other] = [await recipes.of(query.metric), await recipes.of(against.metric)];
  const table = store.findEmbeddings(other.id);
  const otherQuery = { ...query, metric: against.metric, against: null };
  if (table === null || (await table.count()) === 0) throw notMeasured(store, otherQuery);
  const question = await ranking.ask(otherQuery);

  const yardstickOf = (recipe: MeasureRecipe, stage: SearchEvent["stage"]): Promise<Yardstick> =>
    stage === "exact" ? yardsticks.exact(recipe) : yardsticks.pooled(recipe);

  async function lookedPast(stage: SearchEvent["stage"]): Promise<LookedPast> {
    const spread = spreadOf(await yardstickOf(own, stage), query.metric);
    return { ...against, spread, againstSpread: spreadOf(await yardstickOf(other, stage), against.metric) };
  }

  async function otherScores(
    stage: SearchEvent["stage"],
    ids: readonly AssetId[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<AssetId, number>> {
    const pooled = await ranking.rankPooled(question, table as NonNullable<typeof table>, ids);
    const isPooled = stage === "coarse" || !other.ranksByTokens;
    const { scored } = isPooled ? { scored: pooled } : await ranking.rankExact(question, pooled, signal);
    return new Map(scored.map(({ assetId, score }) => [assetId, score]));
  }

  return {
    ranksByTokens: other.ranksByTokens,
    lookedPast,
    async order(stage, scored, signal) {
      const spreads = await lookedPast(stage);
      const taken = await otherScores(
        stage,
        scored.map(({ assetId }) => assetId),
        signal,
      );
      const all = scored.map(({ assetId, score }): Adjusted => {
        const againstScore = taken.get(assetId) ?? null;
        return { assetId, score, againstScore, adjusted: adjustedScore(score, againstScore, spreads) };
      });
      return all.sort((a, b) => b.adjusted - a.adjusted || (a.assetId < b.assetId ? -1 : 1));
    },
  };
}

/** Refuses a metric against itself, and the ensemble on either side. @throws usage/invalid */
export function checkPair(metric: MetricName, against: MetricName): void {
  if (against === metric) {
    throw appError("usage/invalid", `${metric} cannot be taken off itself.`, {
      hint: "Look past another property: a metric of the subject for a style, or of the style for a subject.",
    });
  }
  if (metric === ensembleName || against === ensembleName) {
    throw appError("usage/invalid", "The ensemble's score is a percentile, and no other score is taken off it or it off another.", {
      hint: "Choose one metric with --metric NAME, and one to look past.",
    });
  }
}

/** @throws library/not-indexed below as many pairs as a rarity needs */
function spreadOf({ scores }: Yardstick, metric: MetricName): Spread {
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const variance = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / scores.length;
  if (scores.length >= minimumPairs && variance > 0) return { mean, deviation: Math.sqrt(variance) };
  throw appError(
    "library/not-indexed",
    `To look past a property, scores are counted in spreads of pairs of your library, and fewer than ${minimumPairs} different pairs of it are measured with ${metric}.`,
    { hint: `Add at least 21 pictures and run \`semblance index run --metric ${metric}\`.` },
  );
}
