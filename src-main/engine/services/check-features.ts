/** @file What a check scores of its pictures: vectors together out of their table, tokens picture by picture, and all that is missing measured in one pass. */
import type { AssetId } from "#shared/domain/asset";
import { toAppError } from "#shared/domain/app-error";
import { defined } from "#shared/lib/assert";
import type { Store } from "../../data/store/store-types";
import type { ImageFeatures } from "../../ml/metrics/metric";
import type { Allocate } from "../../platform/lent-memory";
import { isOfOnePicture } from "./check-copies";
import type { FeatureSource } from "./feature-source";
import type { MeasureRecipe } from "./measure-recipes";
import type { PictureSource } from "./picture-source";

/** Features in the order of the recipes, null where there are none; `reason` says why where there are none at all. */
export interface CheckedFeatures {
  readonly features: readonly (ImageFeatures | null)[];
  readonly reason: string | null;
}

export interface CheckFeatureParts {
  readonly store: Store;
  readonly pictures: PictureSource;
  readonly features: FeatureSource;
}

export type ReadFeatures = (id: AssetId, allocate?: Allocate) => Promise<CheckedFeatures>;

/** Opens the features of these pictures. A picture that cannot be read has those that are kept; what would stop every other picture too is thrown. */
export async function openCheckFeatures(
  { store, pictures, features }: CheckFeatureParts,
  recipes: readonly MeasureRecipe[],
  ids: readonly AssetId[],
): Promise<ReadFeatures> {
  const vectors = new Map<MeasureRecipe, ReadonlyMap<AssetId, Float32Array>>();
  for (const recipe of recipes) {
    if (!recipe.ranksByTokens) vectors.set(recipe, (await store.findEmbeddings(recipe.id)?.get(ids)) ?? new Map<AssetId, Float32Array>());
  }
  const vectorOf = (recipe: MeasureRecipe, id: AssetId): ImageFeatures | null => {
    const pooled = vectors.get(recipe)?.get(id);
    return pooled === undefined ? null : { pooled, attention: null };
  };

  return async (id, allocate) => {
    const known = recipes.map((recipe) => vectorOf(recipe, id));
    const missing = recipes.filter((_, place) => known[place] === null);
    if (missing.length === 0) return { features: known, reason: null };
    try {
      const found = [...(await features.ofPicture(missing, { id, decode: () => pictures.decode(id), isKept: true, allocate }))];
      return { features: known.map((one) => one ?? defined(found.shift(), "features for every recipe")), reason: null };
    } catch (error) {
      if (!isOfOnePicture(error)) throw error;
      const kept: (ImageFeatures | null)[] = [];
      for (const [place, recipe] of recipes.entries()) kept.push(known[place] ?? (await features.cached(recipe, id)));
      return { features: kept, reason: kept.some((one) => one !== null) ? null : toAppError(error).message };
    }
  };
}
