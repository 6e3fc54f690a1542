/** @file Every picture of a check with every other: features as the library keeps them, measured where they are missing, and each pair scored once. */
import type { AssetId } from "#shared/domain/asset";
import { AppError, appError, toAppError } from "#shared/domain/app-error";
import type { CheckMeasure } from "#shared/domain/check";
import type { CheckMatrix, MatrixEvent, MatrixQuery } from "#shared/domain/check-matrix";
import type { Store } from "../../data/store/store-types";
import type { ImageFeatures } from "../../ml/metrics/metric";
import { findMetric } from "../../ml/metrics/registry";
import { cosine } from "../../ml/tensor/linear-algebra";
import type { InferenceService } from "../inference/inference-service";
import type { Lanes } from "../jobs/lanes";
import { createFeatureShelf } from "./feature-shelf";
import type { FeatureSource } from "./feature-source";
import { assertPair } from "./matrix-scores";
import type { MeasureRecipe, MeasureRecipes } from "./measure-recipes";
import { pairsOf, type RowScorer, scoreAllPairs } from "./pair-scores";
import { prefetch } from "./prefetch";

/** Features beyond this are put on the disk meanwhile. */
const memoryBytes = 2 ** 29;
/** Pictures whose features are read or measured while others are taken. */
const readAhead = 8;
const eventEveryMs = 100;

export interface CheckMatrixService {
  /**
   * Says how far it has come, and the matrix at last. Pictures that cannot be measured are left out and listed.
   * @throws metric/..., usage/invalid for distances, the foreground and fewer than two pictures, checkpoint/..., disk/..., and the reason of an aborted signal
   */
  run(query: MatrixQuery, signal?: AbortSignal): AsyncGenerator<MatrixEvent, void, undefined>;
}

export interface CheckMatrixParts {
  readonly store: Store;
  readonly recipes: MeasureRecipes;
  readonly features: FeatureSource;
  readonly inference: InferenceService;
  readonly lanes: Lanes;
}

type Progress = Pick<MatrixEvent, "stage" | "done" | "total">;

/** Creates the service over one library. */
export function createCheckMatrixService({ store, recipes, features, inference, lanes }: CheckMatrixParts): CheckMatrixService {
  /** What a score needs of each picture. Vectors lie together in a table; tokens lie in a file for each picture. */
  async function featuresBy(recipe: MeasureRecipe, ids: readonly AssetId[]): Promise<(id: AssetId) => Promise<ImageFeatures>> {
    if (recipe.ranksByTokens) return (id) => features.of(recipe, id);
    const vectors = (await store.findEmbeddings(recipe.id)?.get(ids)) ?? new Map<AssetId, Float32Array>();
    return async (id) => ({ pooled: vectors.get(id) ?? (await features.of(recipe, id)).pooled, attention: null });
  }

  function rowScorer(recipe: MeasureRecipe, signal?: AbortSignal): RowScorer<number> {
    return async (query, targets) => {
      signal?.throwIfAborted();
      const others = targets.map((target) => target.features);
      if (!recipe.ranksByTokens) return others.map(({ pooled }) => cosine(query.features.pooled, pooled));
      const pairs = await lanes.run("interactive", () => inference.score(recipe.key, query.features, others));
      return pairs.map(({ score }) => score);
    };
  }

  async function* measureAndScore(
    recipe: MeasureRecipe,
    asked: readonly AssetId[],
    signal?: AbortSignal,
  ): AsyncGenerator<Progress, Pick<CheckMatrix, "assetIds" | "scores" | "skipped">, undefined> {
    const shelf = createFeatureShelf(memoryBytes);
    const assetIds: AssetId[] = [];
    const skipped: CheckMatrix["skipped"][number][] = [];
    try {
      const get = await featuresBy(recipe, asked);
      for await (const { item: assetId, prepared } of prefetch(asked, readAhead, (id) => get(id).catch(toAppError))) {
        signal?.throwIfAborted();
        if (prepared instanceof AppError) skipped.push({ assetId, reason: reasonToSkip(prepared) });
        else {
          await shelf.add(prepared);
          assetIds.push(assetId);
        }
        yield { stage: "pictures", done: assetIds.length + skipped.length, total: asked.length };
      }
      assertPair(assetIds.length, skipped[0]?.reason);
      const steps = scoreAllPairs(shelf, rowScorer(recipe, signal));
      let step = await steps.next();
      for (; step.done !== true; step = await steps.next()) yield { stage: "pairs", done: step.value, total: pairsOf(assetIds.length) };
      return { assetIds, skipped, scores: step.value.map((row, index) => row.slice(index)) };
    } finally {
      await shelf.dispose();
    }
  }

  return {
    async *run({ assetIds, measure }, signal) {
      const startedMs = performance.now();
      assertSimilarity(measure);
      const recipe = await recipes.of(measure.metric);
      const steps = measureAndScore(recipe, [...new Set(assetIds)], signal);
      let saidMs = -Infinity;
      let step = await steps.next();
      for (; step.done !== true; step = await steps.next()) {
        if (performance.now() - saidMs < eventEveryMs) continue;
        saidMs = performance.now();
        yield { ...step.value, result: null };
      }
      const device = (await inference.device()).id;
      const about = { measure, recipe: recipe.recipe, modelName: recipe.modelName, device, milliseconds: performance.now() - startedMs };
      const pairs = pairsOf(step.value.assetIds.length);
      yield { stage: "pairs", done: pairs, total: pairs, result: { ...step.value, ...about } };
    },
  };
}

/** Why this picture alone is left out; throws what would stop every other picture too. */
function reasonToSkip(error: AppError): string {
  if (/^(?:image|asset)\//.test(error.code)) return error.message;
  throw error;
}

function assertSimilarity({ metric, area }: CheckMeasure): void {
  if (findMetric(metric).direction === "distance")
    throw appError("usage/invalid", `${metric} is a distance, and a check goes by likeness.`, { hint: "Choose a metric of likeness." });
  if (area === "foreground")
    throw appError("usage/invalid", "All pairs are scored as whole pictures.", { hint: "Ask for the whole area." });
}
