/** @file What a library holds, as plain values: equal for two libraries that were filled from the same folder, whatever happened on the way. */
import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { openStore } from "#main/data/store/store";
import type { AssetId } from "#shared/domain/asset";

export interface LibraryState {
  readonly assets: readonly unknown[];
  readonly issues: readonly unknown[];
  readonly vectors: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
  /** Names of kept features and thumbnails. */
  readonly files: readonly string[];
}

/** Reads a library that no process writes. */
export async function libraryState(libraryPath: string): Promise<LibraryState> {
  const store = await openStore(libraryPath, { readOnly: true });
  try {
    const ids = [...store.assets.ids()].sort();
    const assets = ids.map((id) => {
      const { files, name: _name, ...asset } = store.assets.get(id)!;
      return {
        ...asset,
        files: files.map(({ path, sizeBytes, modifiedMs }) => ({ path, sizeBytes, modifiedMs })).sort((a, b) => (a.path < b.path ? -1 : 1)),
      };
    });
    const vectors: Record<string, Record<string, readonly number[]>> = {};
    for (const folder of await readdir(join(libraryPath, "features"))) {
      const table = store.findEmbeddings(folder as never);
      const rows = (await table?.get(ids)) ?? new Map<AssetId, Float32Array>();
      vectors[folder] = Object.fromEntries([...rows].map(([id, vector]) => [id, [...vector].map((value) => Math.round(value * 1e4))]));
    }
    const issues = store.issues
      .list(10_000)
      .map(({ path, code, message }) => ({ path, code, message }))
      .sort((a, b) => (a.path < b.path ? -1 : 1));
    return { assets, issues, vectors, files: [...(await names(libraryPath, "features")), ...(await names(libraryPath, "thumbnails"))] };
  } finally {
    await store.close();
  }
}

async function names(libraryPath: string, folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(libraryPath, folder), { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".tmp"))
    .map((entry) => relative(libraryPath, join(entry.parentPath, entry.name)))
    .sort();
}
