import { join } from "node:path";
import { connect } from "@lancedb/lancedb";
import { expect, test } from "vitest";
import type { AssetId } from "#shared/domain/asset";
import type { RecipeId } from "#shared/domain/feature-recipe";
import { scratchFolder } from "../../../tests/support/scratch-folder";
import { randomNumbers } from "../../../tests/support/random-numbers";
import { indexedFromRows } from "./embedding-table";
import { openStore } from "./store";

const dimension = 32;
const clusters = 200;
const idOf = (index: number): AssetId => index.toString(16).padStart(32, "0") as AssetId;

async function indexTypes(library: string, table: string): Promise<string[]> {
  const connection = await connect(join(library, "tables"));
  const indices = await (await connection.openTable(table)).listIndices();
  connection.close();
  return indices.map((index) => index.indexType);
}

test("beyond twenty thousand pictures an index answers, nearly as well as the scan, and new rows are found before it knows them", async () => {
  const centres = Array.from({ length: clusters }, (_, cluster) => randomNumbers(dimension, cluster + 1));
  const near = (centre: Float32Array, seed: number) => {
    const noise = randomNumbers(dimension, seed + 1_000);
    return centre.map((value, index) => value + noise[index]! * 0.6);
  };
  const count = indexedFromRows + 500;
  const library = join(scratchFolder(), "library");
  const store = await openStore(library);
  try {
    const table = await store.embeddings("00000000000000aa" as RecipeId, dimension);
    const rows = Array.from({ length: count }, (_, index) => ({ assetId: idOf(index), vector: near(centres[index % clusters]!, index) }));
    for (let start = 0; start < count; start += 5_000) await table.upsert(rows.slice(start, start + 5_000));
    await store.optimise();
    expect(await indexTypes(library, "vectors_00000000000000aa")).toEqual(expect.arrayContaining(["IvfRq", "BTree"]));

    let found = 0;
    const queries = 20;
    for (let query = 0; query < queries; query += 1) {
      const vector = near(centres[query]!, 1_000_000 + query);
      const exact = await table.search(vector, { limit: 50, exact: true });
      const indexed = await table.search(vector, { limit: 50 });
      const wanted = new Set(exact.map((match) => match.assetId));
      const byId = new Map(exact.map((match) => [match.assetId, match.score]));
      for (const match of indexed) {
        if (wanted.has(match.assetId)) found += 1;
        const score = byId.get(match.assetId);
        if (score !== undefined) expect(match.score).toBeCloseTo(score, 4);
      }
    }
    expect(found / (queries * 50)).toBeGreaterThan(0.95);

    const late = Float32Array.from({ length: dimension }, (_, index) => (index % 2 === 0 ? 1 : -1));
    await table.upsert([{ assetId: idOf(count), vector: late }]);
    expect((await table.search(late, { limit: 1 }))[0]?.assetId).toBe(idOf(count));

    // Narrow, wide and very wide filters are exact.
    const query = near(centres[3]!, 2_000_000);
    const all = await table.search(query, { limit: count + 1, exact: true });
    for (const share of [100, 2, 1]) {
      const wanted = new Set(
        all.map((match) => match.assetId).filter((id) => Number.parseInt(id, 16) % 100 < 100 / share && id !== idOf(7)),
      );
      const expected = all.filter((match) => wanted.has(match.assetId)).slice(0, 30);
      const matches = await table.search(query, { limit: 30, filterIds: wanted });
      expect(matches.map((match) => match.score.toFixed(4))).toEqual(expected.map((match) => match.score.toFixed(4)));
      expect(matches.every((match) => wanted.has(match.assetId))).toBe(true);
    }
  } finally {
    await store.close();
  }
}, 120_000);
