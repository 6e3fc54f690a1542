/** @file Attention features on disk, one file per picture and recipe, so that exact scores need no second inference. */
import { access, open, utimes } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { toAppError } from "#shared/domain/app-error";
import type { AssetId } from "#shared/domain/asset";
import type { RecipeId } from "#shared/domain/feature-recipe";
import type { FileWriter } from "../../platform/atomic-file";
import { writeFileAtomic } from "../../platform/atomic-file";
import { isNotFound } from "../../platform/disk-error";
import { type Allocate, allocateOwn } from "../../platform/lent-memory";
import { contentPath, listNames, removeContent } from "./content-path";
import { decodeFeatureFile, encodeFeatureFile } from "./feature-file";
import { createFileBudget } from "./file-budget";
import type { FeatureCache, FeatureUsage } from "./store-types";
import type { Writer } from "./writer";

const extension = ".features";

/** Features of some ten thousand pictures; beyond it the least used are measured again when they are asked for. */
const defaultBudgetBytes = 20_000_000_000;
/** A file says by its date when it was last used, to this exactness: a search that reads hundreds again must not write hundreds of dates. */
const usedExactnessMs = 3_600_000;
/** What a full disk gets back at once, in files of the size that did not fit. */
const roomOnFullDisk = 16;

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

  function noteUse(path: string, mtimeMs: number): void {
    budget.used(path);
    const now = Date.now();
    if (writer.isReadOnly || now - mtimeMs < usedExactnessMs) return;
    // A date that could not be set costs a file its place at worst.
    void utimes(path, now / 1000, now / 1000).catch(() => undefined);
  }

  async function writeMakingRoom(path: string, bytes: Uint8Array): Promise<void> {
    const write = () => writeFileAtomic(path, bytes, fileWriter === undefined ? {} : { fileWriter });
    try {
      await write();
    } catch (error) {
      if (toAppError(error).code !== "disk/full") throw error;
      if ((await budget.free(roomOnFullDisk * bytes.byteLength, path)) === 0) throw error;
      await write();
    }
  }

  return {
    get budgetBytes() {
      return budget.bytes;
    },
    setBudget: (bytes) => budget.setBytes(bytes),
    async resize(bytes) {
      writer.assertWritable();
      budget.setBytes(bytes);
      await budget.trim();
    },
    async usage() {
      const usage = new Map<RecipeId, FeatureUsage>();
      for (const { path, sizeBytes } of await budget.list()) {
        const recipeId = relative(folder, path).split(sep)[0] as RecipeId;
        const { files, bytes } = usage.get(recipeId) ?? { files: 0, bytes: 0 };
        usage.set(recipeId, { files: files + 1, bytes: bytes + sizeBytes });
      }
      return usage;
    },
    async clear(recipeId) {
      writer.assertWritable();
      return budget.clear(recipeId === null ? folder : join(folder, recipeId));
    },
    async has(recipeId, assetId) {
      return access(pathOf(recipeId, assetId)).then(
        () => true,
        () => false,
      );
    },
    async read(recipeId, assetId, allocate = allocateOwn) {
      const path = pathOf(recipeId, assetId);
      const file = await readWhole(path, allocate);
      if (file === null) return null;
      noteUse(path, file.mtimeMs);
      return decodeFeatureFile(file.bytes);
    },
    async write(recipeId, assetId, blob) {
      writer.assertWritable();
      const path = pathOf(recipeId, assetId);
      const bytes = encodeFeatureFile(blob);
      if (bytes.byteLength > budget.bytes) return;
      await writeMakingRoom(path, bytes);
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

/** The bytes of a file in one read, where `readFile` would read in pieces; null when it is not there. */
async function readWhole(path: string, allocate: Allocate): Promise<{ readonly bytes: Uint8Array; readonly mtimeMs: number } | null> {
  try {
    const file = await open(path, "r");
    try {
      const { size, mtimeMs } = await file.stat();
      const bytes = allocate(size);
      const { bytesRead } = await file.read(bytes, 0, size, 0);
      return { bytes: bytes.subarray(0, bytesRead), mtimeMs };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}
