/** @file The two stages of a search: candidates by pooled vectors, then exact scores over tokens. See [Note: Two stages] in search-service.ts. */
import type { AssetId } from "#shared/domain/asset";
import type { SearchQuery } from "#shared/domain/search";
import type { EmbeddingTable, Store } from "../../data/store/store-types";
import type { ImageFeatures } from "../../ml/metrics/metric";
import { cosine } from "../../ml/tensor/linear-algebra";
import type { InferenceService } from "../inference/inference-service";
import type { Lanes } from "../jobs/lanes";
import { createExactRanking, type RankExact, type Scored, sorted } from "./exact-ranking";
import type { FeatureSource } from "./feature-source";
import { findCandidates } from "./find-candidates";
import type { MeasureRecipe, MeasureRecipes } from "./measure-recipes";
import type { CandidateStage, ProbeService } from "./probe-service";
import { checkWeights, combineScores } from "./score-combination";

export { type Scored, sorted } from "./exact-ranking";

export interface Question {
  readonly query: SearchQuery;
  readonly recipe: MeasureRecipe;
  readonly references: readonly ImageFeatures[];
  readonly weights: readonly number[];
  /** How candidates are found; null where nobody has measured yet what is best. */
  readonly stage: CandidateStage | null;
}

export interface CandidateRanking {
  /** Reads the features of the references. Throws metric/needs-model, usage/invalid when no reference counts. */
  ask(query: SearchQuery): Promise<Question>;
  /** Candidates, ranked by the combined cosine of their pooled vectors. */
  rankCoarse(question: Question, table: EmbeddingTable): Promise<readonly Scored[]>;
  /** These pictures by the combined cosine of their pooled vectors; those without a vector are left out. */
  rankPooled(question: Question, table: EmbeddingTable, ids: Iterable<AssetId>): Promise<readonly Scored[]>;
  /** The same candidates by the metric's own score over their tokens. */
  readonly rankExact: RankExact;
}

export interface RankingParts {
  readonly store: Store;
  readonly recipes: MeasureRecipes;
  readonly features: FeatureSource;
  readonly probes: ProbeService;
  readonly inference: InferenceService;
  readonly lanes: Lanes;
}

/** Creates the ranking over one library. */
export function createCandidateRanking({ store, recipes, features, probes, inference, lanes }: RankingParts): CandidateRanking {
  async function ask(query: SearchQuery): Promise<Question> {
    const weights = query.references.map((reference) => reference.weight);
    checkWeights(weights);
    const recipe = await recipes.of(query.metric);
    const references: ImageFeatures[] = [];
    const featuresOf = query.exact ? features.exact : features.of;
    for (const reference of query.references) references.push(await featuresOf(recipe, reference.assetId, { crop: reference.crop }));
    return { query, recipe, references, weights, stage: await probes.stageOf(recipe) };
  }

  async function rankCoarse(question: Question, table: EmbeddingTable): Promise<readonly Scored[]> {
    const { query } = question;
    const own = new Set(query.references.map((reference) => reference.assetId));
    const ids = new Set<AssetId>();
    const { folder, where } = query;
    const filterIds = where === null ? null : await store.assets.matching({ folder, text: null, where });
    if (query.exact) for (const id of filterIds ?? store.assets.ids({ folder, text: null })) ids.add(id);
    else
      for (const id of await findCandidates({ question, pooled: table, among: filterIds === null ? { folder } : { filterIds } }))
        ids.add(id);
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

  return { ask, rankCoarse, rankPooled, rankExact: createExactRanking({ features, inference, lanes }) };
}
