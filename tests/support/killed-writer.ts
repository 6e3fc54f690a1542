/**
 * @file Writes a library the way an indexing run does, batch by batch, until it is done or killed. Run again, it does what is missing.
 *
 * Arguments: library folder, root folder. Tells its parent "batch" after each batch and "done" at the end.
 */
import type { AssetId } from "#shared/domain/asset";
import { openStore } from "#main/data/store/store";
import { featuresOf, pictureCount, pictureId, picturePath, recipe, vectorOf } from "./written-library";

const [libraryPath = "", rootPath = ""] = process.argv.slice(2);
const batchSize = 16;

const store = await openStore(libraryPath);
const root = (await store.roots.list())[0] ?? (await store.roots.add(rootPath, { isSample: false }));
const recipeId = await store.recipes.put(recipe);
const table = await store.embeddings(recipeId, 8);

for (let start = 0; start < pictureCount; start += batchSize) {
  const batch = Array.from({ length: Math.min(batchSize, pictureCount - start) }, (_, index) => start + index);
  const ids: AssetId[] = batch.map(pictureId);
  await store.assets.upsert(ids.map((id, index) => ({ id, width: 10 + index, height: 10, format: "png" })));
  for (const id of await table.missing(ids)) {
    await store.features.write(recipeId, id, featuresOf(id));
    await table.upsert([{ assetId: id, vector: vectorOf(id) }]);
  }
  const unknown = batch.filter((index) => store.files.get(picturePath(rootPath, index)) === null);
  await store.files.upsert(
    unknown.map((index) => ({
      path: picturePath(rootPath, index),
      rootId: root.id,
      assetId: pictureId(index),
      sizeBytes: index,
      mtimeMs: index,
    })),
  );
  // A rescan in between: a file is forgotten and found again, tables are compacted.
  const [first] = batch;
  if (first !== undefined && first % 48 === 0) {
    await store.files.remove([picturePath(rootPath, first)]);
    await store.files.upsert([
      { path: picturePath(rootPath, first), rootId: root.id, assetId: pictureId(first), sizeBytes: first, mtimeMs: first },
    ]);
    await store.optimise();
  }
  process.send?.("batch");
}
await store.close();
process.send?.("done");
