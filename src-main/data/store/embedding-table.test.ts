import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AssetId } from "#shared/domain/asset";
import type { RecipeId } from "#shared/domain/feature-recipe";
import { scratchFolder } from "../../../tests/support/scratch-folder";
import { openStore } from "./store";
import type { EmbeddingTable, Store, StoredVector } from "./store-types";

const folder = scratchFolder();
let store: Store;
let tables = 0;

beforeAll(async () => {
  store = await openStore(join(folder, "library"));
});
afterAll(() => store.close());

const idOf = (index: number): AssetId => index.toString(16).padStart(32, "0") as AssetId;
const freshTable = (dimension: number): Promise<EmbeddingTable> =>
  store.embeddings((tables += 1).toString(16).padStart(16, "0") as RecipeId, dimension);

function cosine(a: Float32Array, b: Float32Array): number {
  let dot = 0;
  let squaresA = 0;
  let squaresB = 0;
  a.forEach((value, index) => {
    dot += value * b[index]!;
    squaresA += value * value;
    squaresB += b[index]! * b[index]!;
  });
  return dot / Math.sqrt(squaresA * squaresB);
}

const vectorArbitrary = (dimension: number) =>
  fc
    .float32Array({ minLength: dimension, maxLength: dimension, noNaN: true, min: -10, max: 10 })
    .filter((vector) => vector.some((value) => Math.abs(value) > 0.01));

describe("search", () => {
  test("law: equals brute force, with and without a filter, best first", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(vectorArbitrary(8), { minLength: 1, maxLength: 40 }),
        vectorArbitrary(8),
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.nat(45)),
        async (vectors, query, limit, filter) => {
          const table = await freshTable(8);
          await table.upsert(vectors.map((vector, index) => ({ assetId: idOf(index), vector })));
          const expected = vectors.map((vector, index) => ({ assetId: idOf(index), score: cosine(query, vector) }));
          const check = async (found: readonly { assetId: AssetId; score: number }[], allowed: typeof expected) => {
            expect(found).toHaveLength(Math.min(limit, allowed.length));
            const scores = [...allowed].sort((a, b) => b.score - a.score).map((match) => match.score);
            const byId = new Map(allowed.map((match) => [match.assetId, match.score]));
            found.forEach((match, rank) => {
              expect(match.score).toBeCloseTo(scores[rank]!, 4);
              expect(match.score).toBeCloseTo(byId.get(match.assetId)!, 4);
            });
            expect(new Set(found.map((match) => match.assetId)).size).toBe(found.length);
          };
          await check(await table.search(query, { limit }), expected);
          const wanted = new Set(filter.map(idOf));
          await check(
            await table.search(query, { limit, filterIds: wanted }),
            expected.filter((match) => wanted.has(match.assetId)),
          );
        },
      ),
      { numRuns: 15 },
    );
  });

  test("finds nothing in an empty table, and nothing for an empty filter", async () => {
    const table = await freshTable(2);
    expect(await table.search(Float32Array.of(1, 0), { limit: 5 })).toEqual([]);
    await table.upsert([{ assetId: idOf(1), vector: Float32Array.of(1, 0) }]);
    expect(await table.search(Float32Array.of(1, 0), { limit: 5, filterIds: [] })).toEqual([]);
    expect(await table.search(Float32Array.of(1, 0), { limit: 5, folder: "/nowhere" })).toEqual([]);
  });

  test("scores stay within [-1, 1] and do not depend on length", async () => {
    const table = await freshTable(3);
    await table.upsert([
      { assetId: idOf(1), vector: Float32Array.of(3, 4, 0) },
      { assetId: idOf(2), vector: Float32Array.of(-30, -40, 0) },
    ]);
    const found = await table.search(Float32Array.of(0.3, 0.4, 0), { limit: 5 });
    expect(found.map((match) => match.assetId)).toEqual([idOf(1), idOf(2)]);
    expect(found[0]!.score).toBeCloseTo(1, 6);
    expect(found[1]!.score).toBeCloseTo(-1, 6);
    expect(Math.max(...found.map((match) => Math.abs(match.score)))).toBeLessThanOrEqual(1);
  });
});

describe("what LanceDB would take without a word is refused", () => {
  test.each([
    ["too long", Float32Array.of(1, 2, 3), "scoring/incompatible-features"],
    ["too short", Float32Array.of(1), "scoring/incompatible-features"],
    ["not a number", Float32Array.of(1, NaN), "weights/not-finite"],
    ["infinite", Float32Array.of(Infinity, 1), "weights/not-finite"],
    ["all zeros", Float32Array.of(0, 0), "weights/not-finite"],
  ])("%s", async (_, vector, code) => {
    const table = await freshTable(2);
    const good: StoredVector = { assetId: idOf(1), vector: Float32Array.of(1, 0) };
    await expect(table.upsert([good, { assetId: idOf(2), vector }])).rejects.toMatchObject({ code });
    expect(await table.count()).toBe(0);
    await table.upsert([good]);
    await expect(table.search(vector, { limit: 1 })).rejects.toMatchObject({ code: "scoring/incompatible-features" });
  });

  test("an id twice, in one batch or in two at once, is one row with the last vector", async () => {
    const table = await freshTable(2);
    await table.upsert([
      { assetId: idOf(1), vector: Float32Array.of(1, 0) },
      { assetId: idOf(1), vector: Float32Array.of(0, 1) },
    ]);
    const batch = Array.from({ length: 50 }, (_, index) => ({ assetId: idOf(index), vector: Float32Array.of(index + 1, 1) }));
    await Promise.all([table.upsert(batch), table.upsert(batch), table.upsert(batch)]);
    expect(await table.count()).toBe(50);
    expect((await table.search(Float32Array.of(1, 1), { limit: 500 })).length).toBe(50);
    expect((await table.get([idOf(1)])).get(idOf(1))).toEqual(Float32Array.of(2, 1));
  });

  test("another dimension for the same recipe", async () => {
    const table = await freshTable(2);
    await expect(store.embeddings(table.recipeId, 3)).rejects.toMatchObject({ code: "scoring/incompatible-features" });
    expect(await store.embeddings(table.recipeId, 2)).toBe(table);
  });
});

describe("rows", () => {
  test("law: upserts and removals behave as on a map", async () => {
    const stepArbitrary = fc.record({
      put: fc.array(fc.tuple(fc.nat(20), vectorArbitrary(4)), { maxLength: 8 }),
      remove: fc.array(fc.nat(20), { maxLength: 5 }),
      optimise: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(stepArbitrary, { maxLength: 6 }), async (steps) => {
        const table = await freshTable(4);
        const model = new Map<AssetId, Float32Array>();
        for (const { put, remove, optimise } of steps) {
          await table.upsert(put.map(([index, vector]) => ({ assetId: idOf(index), vector })));
          for (const [index, vector] of put) model.set(idOf(index), vector);
          await table.removeAssets(remove.map(idOf));
          for (const index of remove) model.delete(idOf(index));
          if (optimise) await store.optimise();
        }
        const ids = Array.from({ length: 21 }, (_, index) => idOf(index));
        expect(await table.get(ids)).toEqual(new Map([...model].sort()));
        expect(await table.missing([...ids, ...ids])).toEqual(ids.filter((id) => !model.has(id)));
        expect(await table.count()).toBe(model.size);
      }),
      { numRuns: 10 },
    );
  });

  test("a sample is a set of the asked size, the same for the same seed", async () => {
    const table = await freshTable(2);
    await table.upsert(Array.from({ length: 100 }, (_, index) => ({ assetId: idOf(index), vector: Float32Array.of(1, index) })));
    const sample = await table.sample(30, 7);
    expect(new Set(sample.map((row) => row.assetId)).size).toBe(30);
    expect(sample.every((row) => row.vector[1] === Number.parseInt(row.assetId, 16))).toBe(true);
    expect(await table.sample(30, 7)).toEqual(sample);
    expect(await table.sample(30, 8)).not.toEqual(sample);
    expect(await table.sample(1000)).toHaveLength(100);
  });
});
