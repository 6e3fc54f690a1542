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
import type { FeatureCache } from "./store-types";
import type { Writer } from "./writer";

const extension = ".features";

/**
 * Opens the cache in `folder`. Writes are content-addressed and atomic, so they need no queue: two writers of the same
 * features write the same bytes. `writer` only says whether the library may be changed.
 */
export function createFeatureCache(folder: string, writer: Writer, fileWriter?: FileWriter): FeatureCache {
  const pathOf = (recipeId: RecipeId, assetId: AssetId) => contentPath(join(folder, recipeId), assetId, extension);
  return {
    async has(recipeId, assetId) {
      return access(pathOf(recipeId, assetId)).then(
        () => true,
        () => false,
      );
    },
    async read(recipeId, assetId) {
      try {
        return decodeFeatureFile(await readFile(pathOf(recipeId, assetId)));
      } catch (error) {
        if (isNotFound(error)) return null;
        throw error;
      }
    },
    async write(recipeId, assetId, blob) {
      writer.assertWritable();
      await writeFileAtomic(pathOf(recipeId, assetId), encodeFeatureFile(blob), fileWriter === undefined ? {} : { fileWriter });
    },
    async removeAssets(ids) {
      writer.assertWritable();
      const recipeFolders = (await listNames(folder)).map((name) => join(folder, name));
      await removeContent(recipeFolders, ids, extension);
    },
  };
}
