/** @file The two stages of a search: candidates by pooled vectors, then exact scores over tokens. See [Note: Two stages] in search-service.ts. */
import type { AssetId } from "#shared/domain/asset";
import type { SearchQuery } from "#shared/domain/search";
import { defined } from "#shared/lib/assert";
import type { EmbeddingTable, Store } from "../../data/store/store-types";
import type { ImageFeatures } from "../../ml/metrics/metric";
import { cosine } from "../../ml/tensor/linear-algebra";
import type { InferenceService } from "../inference/inference-service";
import type { Lanes } from "../jobs/lanes";
import type { FeatureSource } from "./feature-source";
import type { MeasureRecipe, MeasureRecipes } from "./measure-recipes";
import { checkWeights, combineScores } from "./score-combination";

/** Fewer candidates than this would let the coarse order decide what is found. */
const minimumCandidates = 200;
/** Targets scored in one run: enough to keep a device busy, few enough to answer a cancelled question soon. */
const scoreBatch = 32;

export interface Question {
  readonly query: SearchQuery;
  readonly recipe: MeasureRecipe;
  readonly references: readonly ImageFeatures[];
  readonly weights: readonly number[];
}

export interface Scored {
  readonly assetId: AssetId;
  readonly score: number;
}

export interface CandidateRanking {
  /** Reads the features of the references. Throws metric/needs-model, usage/invalid when no reference counts. */
  ask(query: SearchQuery): Promise<Question>;
  /** Candidates of every reference, ranked together by the combined cosine of their pooled vectors. */
  rankCoarse(question: Question, table: EmbeddingTable): Promise<readonly Scored[]>;
  /** These pictures by the combined cosine of their pooled vectors; those without a vector are left out. */
  rankPooled(question: Question, table: EmbeddingTable, ids: Iterable<AssetId>): Promise<readonly Scored[]>;
  /** The same candidates by the metric's own score over their tokens; `unranked` counts those whose picture is gone, which keep their score. */
  rankExact(
    question: Question,
    coarse: readonly Scored[],
    signal?: AbortSignal,
  ): Promise<{ readonly scored: readonly Scored[]; readonly unranked: number }>;
}

export interface RankingParts {
  readonly store: Store;
  readonly recipes: MeasureRecipes;
  readonly features: FeatureSource;
  readonly inference: InferenceService;
  readonly lanes: Lanes;
}

/** Creates the ranking over one library. */
export function createCandidateRanking({ store, recipes, features, inference, lanes }: RankingParts): CandidateRanking {
  async function ask(query: SearchQuery): Promise<Question> {
    const weights = query.references.map((reference) => reference.weight);
    checkWeights(weights);
    const recipe = await recipes.of(query.metric);
    const references: ImageFeatures[] = [];
    for (const reference of query.references) references.push(await features.of(recipe, reference.assetId, reference.crop));
    return { query, recipe, references, weights };
  }

  async function rankCoarse(question: Question, table: EmbeddingTable): Promise<readonly Scored[]> {
    const { query, references, weights } = question;
    const own = new Set(query.references.map((reference) => reference.assetId));
    const ids = new Set<AssetId>();
    if (query.exact) for (const id of store.assets.ids({ folder: query.folder, text: null })) ids.add(id);
    else {
      const limit = Math.max(minimumCandidates, 2 * query.top) + own.size;
      const hasWanted = weights.some((weight) => weight > 0);
      for (const [index, reference] of references.entries()) {
        const weight = defined(weights[index], "one weight a reference");
        if (weight === 0 || (hasWanted && weight < 0)) continue;
        // With unwanted references only, the pictures least like them are the candidates.
        const direction = weight > 0 ? reference.pooled : reference.pooled.map((value) => -value);
        for (const match of await table.search(direction, { limit, folder: query.folder })) ids.add(match.assetId);
      }
    }
    for (const id of own) ids.delete(id);
    return rankPooled(question, table, ids);
  }

  async function rankPooled(
    { query, references, weights }: Question,
    table: EmbeddingTable,
    ids: Iterable<AssetId>,
  ): Promise<readonly Scored[]> {
    const vectors = await table.get(ids);
    const scored = [...vectors].map(([assetId, vector]) => {
      const scores = references.map((reference) => cosine(reference.pooled, vector));
      return { assetId, score: combineScores(scores, weights, query.combine) };
    });
    return sorted(scored);
  }

  async function rankExact(
    question: Question,
    coarse: readonly Scored[],
    signal?: AbortSignal,
  ): Promise<{ scored: readonly Scored[]; unranked: number }> {
    const scored: Scored[] = [];
    let unranked = 0;
    for (let from = 0; from < coarse.length; from += scoreBatch) {
      signal?.throwIfAborted();
      const batch = coarse.slice(from, from + scoreBatch);
      const found = await Promise.all(
        batch.map(async (candidate) => ({ candidate, target: await targetOf(question.recipe, candidate.assetId) })),
      );
      const targets = found.flatMap(({ target }) => (target === null ? [] : [target]));
      const perReference: (readonly { readonly score: number }[])[] = [];
      for (const reference of question.references) {
        perReference.push(
          targets.length === 0 ? [] : await lanes.run("interactive", () => inference.score(question.recipe.key, reference, targets)),
        );
      }
      let next = 0;
      for (const { candidate, target } of found) {
        if (target === null) {
          unranked += 1;
          scored.push(candidate);
          continue;
        }
        const scores = perReference.map((pairs) => defined(pairs[next], "one score a target").score);
        next += 1;
        scored.push({ assetId: candidate.assetId, score: combineScores(scores, question.weights, question.query.combine) });
      }
    }
    return { scored: sorted(scored), unranked };
  }

  /** Tokens of a candidate: kept ones, else computed from its file; null when the file is gone or can no longer be decoded. */
  async function targetOf(recipe: MeasureRecipe, assetId: AssetId): Promise<ImageFeatures | null> {
    const kept = await features.cached(recipe, assetId);
    return kept ?? features.of(recipe, assetId).catch(() => null);
  }

  return { ask, rankCoarse, rankPooled, rankExact };
}

/** Best first; equal scores by id. */
export function sorted(scored: readonly Scored[]): readonly Scored[] {
  return [...scored].sort((a, b) => b.score - a.score || (a.assetId < b.assetId ? -1 : 1));
}
