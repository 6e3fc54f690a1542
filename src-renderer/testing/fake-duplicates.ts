/** @file An answer of the engine with groups of given sizes. For tests. */
import type { Duplicates } from "#shared/domain/duplicates";
import { fakeAsset } from "./fake-engine";

/** Groups of near-duplicates; pictures are numbered through, the best of each group first. */
export function fakeDuplicates(sizes: readonly number[], change: Partial<Duplicates> = {}): Duplicates {
  let index = 0;
  const groups = sizes.map((size) => ({
    pictures: Array.from({ length: size }, (_, place) => {
      const asset = fakeAsset(index++);
      const files = [{ path: `/pictures/${asset.name}`, rootId: "pictures", sizeBytes: 1000, modifiedMs: 0 }];
      return { asset, files, similarity: place === 0 ? null : 0.99, distance: place === 0 ? null : 2 };
    }),
  }));
  return { tier: "near", metric: "starter-subject", low: 0.9, high: 1, groups, looked: index, unlooked: 0, ...change };
}
