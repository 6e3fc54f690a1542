/** @file Attention features on disk, one file per picture and recipe, so that exact scores need no second inference. */
import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { AssetId } from "#shared/domain/asset";
import type { RecipeId } from "#shared/domain/feature-recipe";
import type { FileWriter } from "../../platform/atomic-file";
import { writeFileAtomic } from "../../platform/atomic-file";
import { isNotFound } from "../../platform/disk-error";
import { contentPath, listNames, removeContent } from "./content-path";
import { decodeFeatureFile, encodeFeatureFile } from "./feature-file";
import { createFileBudget } from "./file-budget";
import type { FeatureCache } from "./store-types";
import type { Writer } from "./writer";

const extension = ".features";

/** Features of some ten thousand pictures; beyond it the least used are measured again when they are asked for. */
const defaultBudgetBytes = 20_000_000_000;

interface FeatureCacheOptions {
  readonly folder: string;
  /** Only says whether the library may be changed: writes are content-addressed and atomic, so they need no queue. */
  readonly writer: Writer;
  readonly budgetBytes?: number | undefined;
  readonly fileWriter?: FileWriter;
}

export function createFeatureCache({ folder, writer, budgetBytes = defaultBudgetBytes, fileWriter }: FeatureCacheOptions): FeatureCache {
  const pathOf = (recipeId: RecipeId, assetId: AssetId) => contentPath(join(folder, recipeId), assetId, extension);
  const budget = createFileBudget(folder, budgetBytes);
  return {
    async has(recipeId, assetId) {
      return access(pathOf(recipeId, assetId)).then(
        () => true,
        () => false,
      );
    },
    async read(recipeId, assetId) {
      const path = pathOf(recipeId, assetId);
      try {
        const blob = decodeFeatureFile(await readFile(path));
        budget.used(path);
        return blob;
      } catch (error) {
        if (isNotFound(error)) return null;
        throw error;
      }
    },
    async write(recipeId, assetId, blob) {
      writer.assertWritable();
      const path = pathOf(recipeId, assetId);
      const bytes = encodeFeatureFile(blob);
      await writeFileAtomic(path, bytes, fileWriter === undefined ? {} : { fileWriter });
      await budget.written(path, bytes.byteLength);
    },
    async removeAssets(ids) {
      writer.assertWritable();
      const recipeIds = await listNames(folder);
      const recipeFolders = recipeIds.map((name) => join(folder, name));
      const removed = [...ids];
      await removeContent(recipeFolders, removed, extension);
      budget.removed(removed.flatMap((id) => recipeIds.map((recipeId) => pathOf(recipeId as RecipeId, id))));
    },
  };
}
