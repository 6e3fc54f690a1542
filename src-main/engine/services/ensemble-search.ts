/**
 * @file Search by the ensemble: each voter names candidates and scores all of them, each score becomes its percentile among random pairs of the
 * library, and a picture's score is the mean over the voters. Pictures that a voter has not measured are left out.
 */
import { appError } from "#shared/domain/app-error";
import type { AssetId } from "#shared/domain/asset";
import type { FeaturePrecision } from "#shared/domain/feature-cache";
import type { SearchQuery } from "#shared/domain/search";
import { defined } from "#shared/lib/assert";
import type { EmbeddingTable } from "../../data/store/store-types";
import { checkPair } from "./against-ranking";
import type { CandidateRanking, Question, RankingParts, Scored } from "./candidate-ranking";
import { sorted } from "./candidate-ranking";
import { ensembleRecipes, percentileOf } from "./ensemble-voters";
import { coarsestOf } from "./feature-blobs";
import type { MeasureRecipe } from "./measure-recipes";
import { notMeasured } from "./not-measured";
import { checkWeights, combineScores } from "./score-combination";
import { matchesOf, type SearchStep } from "./search-matches";
import type { VoteService } from "./vote-service";
import type { YardstickService } from "./yardstick-service";

export interface EnsembleSearchParts extends RankingParts {
  readonly ranking: CandidateRanking;
  readonly yardsticks: YardstickService;
  readonly votes: VoteService;
}

/** One voter with a question for each reference alone: percentiles are of pairs, so references are combined after them. */
interface Voter {
  readonly recipe: MeasureRecipe;
  readonly table: EmbeddingTable;
  readonly questions: readonly Question[];
}

/** Answers a query of the ensemble, which looks past nothing, in one step. Throws metric/needs-model, library/not-indexed, usage/invalid. */
export async function searchByEnsemble(parts: EnsembleSearchParts, query: SearchQuery, signal?: AbortSignal): Promise<SearchStep> {
  const { store, ranking } = parts;
  const startedMs = performance.now();
  const weights = query.references.map((reference) => reference.weight);
  checkWeights(weights);
  if (query.against !== null) checkPair(query.metric, query.against.metric);
  if (weights.every((weight) => weight <= 0))
    throw appError("usage/invalid", "The ensemble looks for what is like a picture, and only unwanted ones were given.", {
      hint: "Give a picture to be like, or choose one metric with --metric NAME.",
    });
  const voters: Voter[] = [];
  for (const recipe of await ensembleRecipes(parts.recipes)) voters.push(await openVoter(parts, recipe, query));
  const embeddedMs = performance.now();

  const ids = new Set<AssetId>();
  for (const { table, questions } of voters)
    for (const question of questions.filter((_, place) => (weights[place] ?? 0) > 0))
      for (const { assetId } of await ranking.rankCoarse(question, table)) ids.add(assetId);
  for (const { assetId } of query.references) ids.delete(assetId);
  const candidatesMs = performance.now();

  const sums = new Map<AssetId, { total: number; voters: number }>();
  const precisions: FeaturePrecision[] = [];
  for (const voter of voters) {
    const judged = await percentiles(parts, { voter, ids, weights, query }, signal);
    precisions.push(...judged.precisions);
    for (const [assetId, percentile] of judged.percentiles) {
      const known = sums.get(assetId) ?? { total: 0, voters: 0 };
      sums.set(assetId, { total: known.total + percentile, voters: known.voters + 1 });
    }
  }
  const all = [...sums].filter(([, sum]) => sum.voters === voters.length);
  const scored = sorted(all.map(([assetId, { total }]): Scored => ({ assetId, score: total / voters.length })));
  const rankedMs = performance.now();
  const counts = await Promise.all(voters.map(({ table }) => table.count()));
  const first = defined(voters[0], "the ensemble has voters");
  return {
    stage: "exact",
    isFinal: true,
    // Votes are asked for a metric; whose question it is makes no difference among the three.
    matches: await matchesOf(parts, { query: { ...query, metric: first.recipe.key.metric }, rarityOf: () => null }, scored),
    candidates: ids.size,
    measured: Math.min(...counts),
    total: store.assets.count(),
    against: null,
    recipeId: voters.map(({ recipe }) => recipe.id).join(" "),
    precision: coarsestOf(precisions),
    milliseconds: {
      embed: embeddedMs - startedMs,
      candidates: candidatesMs - embeddedMs,
      rerank: rankedMs - candidatesMs,
      total: performance.now() - startedMs,
    },
    unranked: 0,
  };
}

async function openVoter({ store, ranking }: EnsembleSearchParts, recipe: MeasureRecipe, query: SearchQuery): Promise<Voter> {
  const own = { ...query, metric: recipe.key.metric };
  const table = store.findEmbeddings(recipe.id);
  if (table === null || (await table.count()) === 0) throw notMeasured(store, own);
  const questions: Question[] = [];
  for (const reference of query.references) questions.push(await ranking.ask({ ...own, references: [{ ...reference, weight: 1 }] }));
  return { recipe, table, questions };
}

interface Judged {
  readonly voter: Voter;
  readonly ids: ReadonlySet<AssetId>;
  readonly weights: readonly number[];
  readonly query: SearchQuery;
}

interface Verdict {
  readonly percentiles: ReadonlyMap<AssetId, number>;
  readonly precisions: readonly FeaturePrecision[];
}

/** What one voter makes of the candidates, over all references. */
async function percentiles(
  { ranking, yardsticks }: EnsembleSearchParts,
  { voter: { recipe, table, questions }, ids, weights, query }: Judged,
  signal?: AbortSignal,
): Promise<Verdict> {
  const yardstick = await yardsticks.exact(recipe);
  const perReference: ReadonlyMap<AssetId, number>[] = [];
  const precisions: FeaturePrecision[] = [];
  for (const question of questions) {
    const pooled = await ranking.rankPooled(question, table, ids);
    const ranks = recipe.ranksByTokens ? await ranking.rankExact(question, pooled, signal) : null;
    const scored = ranks?.scored ?? pooled;
    precisions.push(ranks?.precision ?? "float32");
    perReference.push(new Map(scored.map(({ assetId, score }) => [assetId, percentileOf(yardstick.rarityOf(score), recipe.key.metric)])));
  }
  const measured = [...(perReference[0]?.keys() ?? [])];
  const combined = measured.map((assetId): [AssetId, number] => {
    const scores = perReference.map((found) => defined(found.get(assetId), "every reference is scored against every candidate"));
    return [assetId, combineScores(scores, weights, query.combine)];
  });
  return { percentiles: new Map(combined), precisions };
}
