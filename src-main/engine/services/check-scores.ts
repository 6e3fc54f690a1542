/** @file Scores of pictures against the references of a check, by all its measures at once: each picture is read, or measured, one time. */
import type { AssetId } from "#shared/domain/asset";
import type { CheckArea, ReferenceScores } from "#shared/domain/check";
import { defined } from "#shared/lib/assert";
import type { TileMask } from "../../ml/maps/tile-mask";
import type { ImageFeatures } from "../../ml/metrics/metric";
import { type AlignablePair, foregroundScore } from "../../ml/scoring/foreground-score";
import { cosine } from "../../ml/tensor/linear-algebra";
import type { InferenceService } from "../inference/inference-service";
import type { Lanes } from "../jobs/lanes";
import { isOfOnePicture } from "./check-copies";
import type { CheckedFeatures, ReadFeatures } from "./check-features";
import type { OpenMeasure } from "./check-measures";
import type { ForegroundService } from "./foreground-service";
import type { MeasureRecipe } from "./measure-recipes";
import { readBatches } from "./read-batches";

export interface CheckScoreParts {
  readonly foreground: ForegroundService;
  readonly inference: InferenceService;
  readonly lanes: Lanes;
}

/** What one recipe knows of a picture; `mask` is null where no measure looks at its foreground, or none is found. */
interface Sight {
  readonly features: ImageFeatures;
  readonly mask: TileMask | null;
}

/** What pictures are scored against. `sights` has one entry a recipe, null where a reference has no features. */
export interface CheckReference {
  readonly id: AssetId;
  readonly sights: readonly (Sight | null)[];
}

export interface CheckScale {
  readonly recipes: readonly MeasureRecipe[];
  readonly measures: readonly OpenMeasure[];
  readonly read: ReadFeatures;
}

/** `scores` has a row a measure, `pooled` a vector a recipe; `reason` says why there is no score at all. */
export interface ScoredPicture {
  readonly id: AssetId;
  readonly scores: readonly ReferenceScores[];
  readonly pooled: readonly (Float32Array | null)[];
  readonly reason: string | null;
}

/** Features of a reference, in memory of their own. */
export async function readReference(
  parts: CheckScoreParts,
  scale: CheckScale,
  id: AssetId,
): Promise<CheckReference & Pick<ScoredPicture, "reason">> {
  const { features, reason } = await scale.read(id);
  return { id, reason, sights: await sightsOf(parts, scale, { id, features }) };
}

interface ReadPicture extends CheckedFeatures {
  readonly id: AssetId;
}

/** Scores pictures in their order and yields them in batches. */
export async function* scoreAgainst(
  parts: CheckScoreParts,
  scale: CheckScale,
  {
    references,
    ids,
    signal,
  }: { readonly references: readonly CheckReference[]; readonly ids: readonly AssetId[]; readonly signal?: AbortSignal | undefined },
): AsyncGenerator<readonly ScoredPicture[], void, undefined> {
  const batches = readBatches(ids, async (id, allocate): Promise<ReadPicture> => ({ id, ...(await scale.read(id, allocate)) }), signal);
  for await (const batch of batches) yield await scoreBatchOf(parts, scale, { references, batch });
}

async function scoreBatchOf(
  parts: CheckScoreParts,
  scale: CheckScale,
  { references, batch }: { readonly references: readonly CheckReference[]; readonly batch: readonly ReadPicture[] },
): Promise<readonly ScoredPicture[]> {
  const rows = batch.map(() => scale.measures.map((): (number | null)[] => references.map(() => null)));
  const sights: (readonly (Sight | null)[])[] = [];
  for (const picture of batch) sights.push(await sightsOf(parts, scale, picture));
  for (const [place, recipe] of scale.recipes.entries()) {
    const targets = sights.flatMap((own, index) => {
      const sight = own[place] ?? null;
      return sight === null ? [] : [{ index, sight }];
    });
    const measures = [...scale.measures.entries()].filter(([, measure]) => measure.recipe.id === recipe.id);
    const areas = measures.map(([, { measure }]) => measure.area);
    for (const [column, reference] of references.entries()) {
      const query = reference.sights[place] ?? null;
      if (query === null || targets.length === 0) continue;
      const features = targets.map(({ sight }) => sight.features);
      const pairs = await scorePairs(parts, { recipe, query: query.features, targets: features, areas });
      for (const [k, { index, sight }] of targets.entries()) {
        const pair = defined(pairs[k], "one score a target");
        for (const [row, { measure }] of measures)
          defined(rows[index]?.[row], "a row a picture and measure")[column] = scoreIn(measure.area, pair, [query.mask, sight.mask]);
      }
    }
  }
  return batch.map(({ id, features, reason }, index) => ({
    id,
    scores: rows[index] ?? [],
    pooled: features.map((one) => one?.pooled.slice() ?? null),
    reason,
  }));
}

interface RecipePairs {
  readonly recipe: MeasureRecipe;
  readonly query: ImageFeatures;
  readonly targets: readonly ImageFeatures[];
  /** What the scores are read in: only that of a foreground needs more than the score of the pair. */
  readonly areas: readonly CheckArea[];
}

/** Scores of one picture with others: of tokens by the model, of vectors alone by their cosine. */
export async function scorePairs(
  { inference, lanes }: CheckScoreParts,
  { recipe, query, targets, areas }: RecipePairs,
): Promise<readonly AlignablePair[]> {
  if (!recipe.ranksByTokens) return targets.map(({ pooled }) => ({ score: cosine(query.pooled, pooled) }));
  const detail = areas.includes("foreground") ? "maps" : "score";
  return lanes.run("interactive", () => inference.score(recipe.key, query, targets, detail));
}

/** The score of a pair in the area that counts; null where a side has no foreground. */
export function scoreIn(area: CheckArea, pair: AlignablePair, [a, b]: readonly [TileMask | null, TileMask | null]): number | null {
  if (area === "whole") return pair.score;
  return a === null || b === null ? null : foregroundScore(pair, { a, b });
}

/** What each recipe knows of a picture, null where it has no features. */
export async function sightsOf(
  { foreground }: CheckScoreParts,
  { recipes, measures }: CheckScale,
  { id, features }: Pick<ReadPicture, "id" | "features">,
): Promise<readonly (Sight | null)[]> {
  const sights: (Sight | null)[] = [];
  for (const [place, recipe] of recipes.entries()) {
    const own = features[place] ?? null;
    const isMasked = measures.some(({ measure, recipe: used }) => used.id === recipe.id && measure.area === "foreground");
    if (own === null) sights.push(null);
    else sights.push({ features: own, mask: isMasked ? await maskOf(foreground, recipe, { id, features: own }) : null });
  }
  return sights;
}

/** null where the picture is gone, so that nobody can look where it is transparent. */
async function maskOf(
  foreground: ForegroundService,
  recipe: MeasureRecipe,
  { id, features }: { readonly id: AssetId; readonly features: ImageFeatures },
): Promise<TileMask | null> {
  return foreground.maskOf(recipe, id, features).catch((error: unknown) => {
    if (isOfOnePicture(error)) return null;
    throw error;
  });
}
