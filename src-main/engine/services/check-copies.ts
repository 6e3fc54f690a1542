/** @file Which pictures of a check are near-duplicates of one another: few bits of their perceptual hashes differ, and their vectors are alike. */
import { toAppError } from "#shared/domain/app-error";
import type { AssetId } from "#shared/domain/asset";
import type { Store } from "../../data/store/store-types";
import { cosine } from "../../ml/tensor/linear-algebra";
import { near, usualMetric } from "./duplicate-near";
import { hashSketches, sketchDistance } from "./duplicate-sketches";
import type { FeatureSource } from "./feature-source";
import type { MeasureRecipes } from "./measure-recipes";

/** A picture by its hash; one without a hash is like none. */
export interface HashedPicture {
  readonly id: AssetId;
  readonly phash: string | null;
}

export interface CopyParts {
  readonly store: Store;
  readonly recipes: MeasureRecipes;
  readonly features: FeatureSource;
}

/** How alike two different pictures are that are near-duplicates; null where they are none. */
export type CopyTest = (a: HashedPicture, b: HashedPicture) => Promise<number | null>;

/** Opens the test that duplicates are found by. What a person kept apart is no near-duplicate, nor is what cannot be measured. */
export async function openCopyTest({ store, recipes, features }: CopyParts): Promise<CopyTest> {
  const recipe = await recipes.of(usualMetric);
  const vectorOf = async (id: AssetId): Promise<Float32Array> => (await features.of(recipe, id)).pooled;
  return async (a, b) => {
    if (a.id === b.id || a.phash === null || b.phash === null) return null;
    if (sketchDistance(hashSketches([a.phash, b.phash]), 0, 1) > near.bits || store.duplicateDecisions.apartFrom(a.id).has(b.id))
      return null;
    try {
      const similarity = cosine(await vectorOf(a.id), await vectorOf(b.id));
      return similarity >= near.similarity ? similarity : null;
    } catch (error) {
      if (isOfOnePicture(error)) return null;
      throw error;
    }
  };
}

/** Whether an error concerns one picture, so that the others go on. */
export function isOfOnePicture(error: unknown): boolean {
  return /^(?:image|asset)\//.test(toAppError(error).code);
}

/** The place of the picture among `originals` that this one is a near-duplicate of, of several the most alike; null for none. */
export async function copyOf(test: CopyTest, picture: HashedPicture, originals: readonly HashedPicture[]): Promise<number | null> {
  let best: { readonly place: number; readonly similarity: number } | null = null;
  for (const [place, original] of originals.entries()) {
    const similarity = await test(picture, original);
    if (similarity !== null && similarity > (best?.similarity ?? -1)) best = { place, similarity };
  }
  return best?.place ?? null;
}

/** The number of each picture's group: those share one that are near-duplicates of one another, directly or over others. */
export async function copyGroups(test: CopyTest, pictures: readonly HashedPicture[]): Promise<number[]> {
  const groups = [...pictures.keys()];
  for (const [place, picture] of pictures.entries()) {
    for (const [earlier, other] of pictures.slice(0, place).entries()) {
      const [own = place, known = earlier] = [groups[place], groups[earlier]];
      if (own === known || (await test(picture, other)) === null) continue;
      for (const [index, group] of groups.entries()) if (group === own) groups[index] = known;
    }
  }
  return groups;
}
