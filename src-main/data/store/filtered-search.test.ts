import { join } from "node:path";
import { expect, test } from "vitest";
import type { AssetId } from "#shared/domain/asset";
import type { RecipeId } from "#shared/domain/feature-recipe";
import { seededRandom } from "../../platform/seeded-random";
import { randomNumbers } from "../../../tests/support/random-numbers";
import { scratchFolder } from "../../../tests/support/scratch-folder";
import { openStore } from "./store";

const [count, dimension, limit] = [25_000, 16, 100];
const idOf = (index: number): AssetId => index.toString(16).padStart(32, "0") as AssetId;

/** Vectors that differ in every direction: the hardest for partitions, since no query has all its likes in a few of them. */
const numbers = randomNumbers(count * dimension, 5);
const vectorAt = (index: number): Float32Array => numbers.subarray(index * dimension, (index + 1) * dimension);

function nearestOf(query: Float32Array, wanted: ReadonlySet<number>): readonly AssetId[] {
  const cosines = [...wanted].map((index) => {
    const vector = vectorAt(index);
    return { index, cosine: vector.reduce((sum, x, i) => sum + x * query[i]!, 0) / Math.hypot(...vector) };
  });
  return cosines
    .sort((a, b) => b.cosine - a.cosine)
    .slice(0, limit)
    .map(({ index }) => idOf(index));
}

test("a filter keeps recall, whether it lets through half of the library or a thousandth, near the query or far from it", async () => {
  const store = await openStore(join(scratchFolder(), "library"));
  try {
    const table = await store.embeddings("00000000000000ab" as RecipeId, dimension);
    for (let start = 0; start < count; start += 5_000)
      await table.upsert(Array.from({ length: 5_000 }, (_, i) => ({ assetId: idOf(start + i), vector: vectorAt(start + i) })));
    await store.optimise();
    const random = seededRandom(3);
    const selections = [0.5, 0.1, 0.01, 0.001].map((share) => new Set([...Array(count).keys()].filter(() => random() < share)));
    const query = randomNumbers(dimension, 77);
    // The half that is least like the query: the index ranks none of it first.
    const far = new Set(
      [...Array(count).keys()].filter((index) => vectorAt(index).reduce((sum, x, i) => sum + x * query[i]!, 0) < 0).slice(0, 9_000),
    );
    for (const wanted of [...selections, far]) {
      const expected = nearestOf(query, wanted);
      const found = await table.search(query, { limit, filterIds: [...wanted].map(idOf) });
      const right = new Set(expected);
      expect(found).toHaveLength(Math.min(limit, wanted.size));
      expect(found.every((match) => wanted.has(Number.parseInt(match.assetId, 16)))).toBe(true);
      expect(found.filter((match) => right.has(match.assetId)).length / expected.length).toBeGreaterThanOrEqual(0.95);
    }
    const all = await table.search(query, { limit });
    const right = new Set(nearestOf(query, new Set(Array(count).keys())));
    expect(all.filter((match) => right.has(match.assetId)).length / limit).toBeGreaterThanOrEqual(0.95);
  } finally {
    await store.close();
  }
}, 120_000);
