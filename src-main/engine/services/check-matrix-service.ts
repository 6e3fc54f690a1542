/** @file Every picture of a check with every other: features as the library keeps them, measured where they are missing, and each pair scored once. */
import type { AssetId } from "#shared/domain/asset";
import { AppError, toAppError } from "#shared/domain/app-error";
import type { CheckMatrix, MatrixEvent, MatrixQuery } from "#shared/domain/check-matrix";
import { defined } from "#shared/lib/assert";
import type { TileMask } from "../../ml/maps/tile-mask";
import { type CheckFeatureParts, openCheckFeatures } from "./check-features";
import { type OpenMeasure, openMeasures } from "./check-measures";
import { type CheckScale, type CheckScoreParts, scoreIn, scorePairs, sightsOf } from "./check-scores";
import { createFeatureShelf } from "./feature-shelf";
import { assertPair } from "./matrix-scores";
import type { MeasureRecipes } from "./measure-recipes";
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
   * @throws metric/..., usage/invalid for a distance and for fewer than two pictures, checkpoint/..., disk/..., and the reason of an aborted signal
   */
  run(query: MatrixQuery, signal?: AbortSignal): AsyncGenerator<MatrixEvent, void, undefined>;
}

export interface CheckMatrixParts extends CheckFeatureParts, CheckScoreParts {
  readonly recipes: MeasureRecipes;
}

type Progress = Pick<MatrixEvent, "stage" | "done" | "total">;
type Measured = Pick<CheckMatrix, "assetIds" | "scores" | "skipped">;

/** Creates the service over one library. */
export function createCheckMatrixService(parts: CheckMatrixParts): CheckMatrixService {
  return {
    async *run({ assetIds, measure }, signal) {
      const startedMs = performance.now();
      const [opened] = await openMeasures(parts.recipes, [measure]);
      const { recipe } = defined(opened, "one measure is opened");
      const steps = measureAndScore(parts, { measure, recipe }, { asked: [...new Set(assetIds)], signal });
      let saidMs = -Infinity;
      let step = await steps.next();
      for (; step.done !== true; step = await steps.next()) {
        if (performance.now() - saidMs < eventEveryMs) continue;
        saidMs = performance.now();
        yield { ...step.value, result: null };
      }
      const device = (await parts.inference.device()).id;
      const about = { measure, recipe: recipe.recipe, modelName: recipe.modelName, device, milliseconds: performance.now() - startedMs };
      const pairs = pairsOf(step.value.assetIds.length);
      yield { stage: "pairs", done: pairs, total: pairs, result: { ...step.value, ...about } };
    },
  };
}

interface Asked {
  readonly asked: readonly AssetId[];
  readonly signal: AbortSignal | undefined;
}

async function* measureAndScore(
  parts: CheckMatrixParts,
  measure: OpenMeasure,
  { asked, signal }: Asked,
): AsyncGenerator<Progress, Measured, undefined> {
  const { recipe } = measure;
  const read = await openCheckFeatures(parts, [recipe], asked);
  const scale: CheckScale = { recipes: [recipe], measures: [measure], read };
  const shelf = createFeatureShelf(memoryBytes);
  const assetIds: AssetId[] = [];
  const masks: (TileMask | null)[] = [];
  const skipped: Measured["skipped"] = [];
  try {
    for await (const { item: assetId, prepared } of prefetch(asked, readAhead, (id) => read(id).catch(toAppError))) {
      signal?.throwIfAborted();
      if (prepared instanceof AppError) throw prepared;
      const [sight] = await sightsOf(parts, scale, { id: assetId, features: prepared.features });
      if (sight) {
        await shelf.add(sight.features);
        assetIds.push(assetId);
        masks.push(sight.mask);
      } else skipped.push({ assetId, reason: prepared.reason ?? "" });
      yield { stage: "pictures", done: assetIds.length + skipped.length, total: asked.length };
    }
    assertPair(assetIds.length, skipped[0]?.reason);
    const steps = scoreAllPairs(shelf, rowScorer(parts, measure, { masks, signal }));
    let step = await steps.next();
    for (; step.done !== true; step = await steps.next()) yield { stage: "pairs", done: step.value, total: pairsOf(assetIds.length) };
    return { assetIds, skipped, scores: step.value.map((row, index) => row.slice(index)) };
  } finally {
    await shelf.dispose();
  }
}

interface RowParts {
  /** What counts of each picture on the shelf. */
  readonly masks: readonly (TileMask | null)[];
  readonly signal: AbortSignal | undefined;
}

function rowScorer(parts: CheckMatrixParts, { measure, recipe }: OpenMeasure, { masks, signal }: RowParts): RowScorer<number | null> {
  return async (query, targets) => {
    signal?.throwIfAborted();
    const others = targets.map(({ features }) => features);
    const pairs = await scorePairs(parts, { recipe, query: query.features, targets: others, areas: [measure.area] });
    return targets.map(({ index }, place) =>
      scoreIn(measure.area, defined(pairs[place], "one score a target"), [masks[query.index] ?? null, masks[index] ?? null]),
    );
  };
}
