/** @file The float32 copies of large weights as a person sees and steers them. All libraries share them. */
import type { WeightCache } from "#shared/domain/weight-cache";
import { copyBudget, listCopiedWeights, removeCopiedWeights, setCopyBudget } from "../../ml/weights/float32-folder";

export interface WeightCacheService {
  status(): Promise<WeightCache>;
  /** Removes all copies; they are made again when they are needed. Models that run keep theirs until they are freed. Throws disk/... */
  clear(): Promise<WeightCache>;
  /** Changes the room and removes at once what no longer fits. Throws disk/... */
  setBudget(bytes: number): Promise<WeightCache>;
}

/** Creates the service over the folder of the copies, which need not exist. */
export function createWeightCacheService(folder: string): WeightCacheService {
  async function status(): Promise<WeightCache> {
    const copied = await listCopiedWeights(folder);
    return {
      folder,
      budgetBytes: await copyBudget(folder),
      bytes: copied.reduce((sum, { bytes }) => sum + bytes, 0),
      weights: copied.map(({ path, bytes, usedMs }) => ({ path, bytes, usedMs })),
    };
  }

  return {
    status,
    async clear() {
      const copied = await listCopiedWeights(folder);
      await removeCopiedWeights(
        folder,
        copied.map(({ key }) => key),
      );
      return status();
    },
    async setBudget(bytes) {
      await setCopyBudget(folder, bytes);
      return status();
    },
  };
}
