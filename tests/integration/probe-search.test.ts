/** @file Candidates by probe attention, over a library whose features are made rather than measured: larger than the list of candidates, and quick to make. */
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AssetId } from "#shared/domain/asset";
import type { SearchReference } from "#shared/domain/search";
import { brandId } from "#shared/lib/branded-id";
import { createEngine, type Engine } from "#main/engine/engine";
import { packFeatures, toStoredPrecision } from "#main/engine/services/feature-blobs";
import type { MeasureRecipe } from "#main/engine/services/measure-recipes";
import type { ImageFeatures } from "#main/ml/metrics/metric";
import { packHeads } from "#main/ml/metrics/starter/pooled-heads";
import { cli } from "../support/cli";
import { engineQuestions } from "../support/engine-client";
import { naiveFeatures } from "../support/naive-attention";
import { randomNumbers } from "../support/random-numbers";
import { scratchFolder } from "../support/scratch-folder";

const [count, side, headDim] = [420, 5, 64];
const tokens = side * side;
const metric = "starter-subject";
const scratch = scratchFolder();
const library = join(scratch, "library");

const idOf = (index: number): AssetId => brandId<AssetId>(index.toString(16).padStart(32, "0"));
/** Their features are dropped before anything is learnt from the library. */
const dropped = [7, 130, 300].map(idOf);

/** Materials that pictures are made of, some of them in each. */
const materials = randomNumbers(30 * headDim, 1);

function featuresOf(index: number): ImageFeatures {
  const noise = randomNumbers(tokens * headDim, 100 + index);
  const choice = randomNumbers(5, 9000 + index);
  const kinds = 2 + (index % 4);
  const numbers = Float32Array.from({ length: tokens * headDim }, (_, at) => {
    const kind = Math.floor(at / headDim) % kinds;
    const material = Math.abs(Math.round(choice[kind]! * 40)) % 30;
    return 0.9 * materials[material * headDim + (at % headDim)]! + 0.5 * noise[at]!;
  });
  const shape = { heads: 1, tokens, headDim, grid: { rows: side, columns: side, prefix: 0 } };
  const attention = naiveFeatures({ ...shape, query: numbers, key: numbers, value: numbers });
  // The heads say nothing of the materials: who asks them alone misses what the tokens have in common.
  return toStoredPrecision({ pooled: packHeads(randomNumbers(16, 5000 + index), randomNumbers(16, 7000 + index)), attention });
}

let engine: Engine;
let recipe: MeasureRecipe;
const { search } = engineQuestions(() => engine);

async function write(indices: readonly number[]): Promise<void> {
  const { store } = engine;
  const [root] = await store.roots.list();
  const table = await store.embeddings(recipe.id, 32);
  const all = indices.map((index) => ({ index, features: featuresOf(index) }));
  for (const { index, features } of all) await store.features.write(recipe.id, idOf(index), packFeatures(features));
  await table.upsert(all.map(({ index, features }) => ({ assetId: idOf(index), vector: features.pooled })));
  await store.assets.upsert(indices.map((index) => ({ id: idOf(index), width: 8, height: 8, format: "png" })));
  await store.files.upsert(
    indices.map((index) => ({ path: join(root!.path, `${index}.png`), rootId: root!.id, assetId: idOf(index), sizeBytes: 1, mtimeMs: 1 })),
  );
}

async function optimised(): Promise<void> {
  const job = await engine.probes.startIfDue([recipe]);
  expect(await engine.jobs.finished(job!.id)).toMatchObject({ kind: "optimise", state: "done", error: null });
}

beforeAll(async () => {
  engine = await createEngine({ libraryPath: library, offline: true, inference: "in-process" });
  await mkdir(join(scratch, "pictures"));
  await engine.library.addRoots([join(scratch, "pictures")]);
  recipe = await engine.recipes.of(metric);
  await write(Array.from({ length: count }, (_, index) => index));
  await engine.store.features.removeAssets(dropped);
}, 120_000);
afterAll(() => engine.dispose());

/** Share of the exact best 20 that a search without `exact` answers. */
async function recall(references: readonly SearchReference[]): Promise<number> {
  const best = async (exact: boolean) => (await search({ references: [...references], metric, top: 20, exact })).at(-1)!.matches;
  const found = new Set((await best(false)).map((match) => match.asset.id));
  const exact = await best(true);
  return exact.filter((match) => found.has(match.asset.id)).length / exact.length;
}

const like = (index: number, weight = 1): SearchReference => ({ assetId: idOf(index), weight, crop: null });

test("the library is learnt from once: candidates by probe attention hold what those by the pooled vector miss, and it is said how much", async () => {
  expect(await engine.probes.stageOf(recipe)).toBeNull();
  const before = await recall([like(20)]);
  await optimised();
  expect(await engine.probes.startIfDue([recipe])).toBeNull();
  const stage = await engine.probes.stageOf(recipe);
  const { by, recall: expected, pooledRecall, checked, candidates } = stage!.facts;
  expect(["library", "own"]).toContain(by);
  expect(expected).toBeGreaterThanOrEqual(0.95);
  expect(pooledRecall).toBeLessThan(0.8);
  expect({ checked, candidates }).toEqual({ checked: count - dropped.length, candidates: 200 });
  expect(await stage!.probes!.table.count()).toBe(count - dropped.length);

  const alone = [20, 222];
  const recalls: number[] = [];
  for (const index of alone) recalls.push(await recall([like(index)]));
  recalls.push(await recall([like(40), like(41, 0.5), like(42, -0.5)]));
  expect(before).toBeLessThan(0.95);
  expect(recalls.reduce((sum, value) => sum + value, 0) / recalls.length).toBeGreaterThanOrEqual(0.95);
  const [, last] = await search({ references: [like(20)], metric, top: 20 });
  expect(last).toMatchObject({ candidates: expect.any(Number) as number, expectedRecall: expected });
}, 120_000);

test("a picture whose features were dropped is found by its pooled vector", async () => {
  const lost = featuresOf(7);
  const near = brandId<AssetId>("f".repeat(32));
  // A picture that shares the pooled vector, and with it nothing but that.
  await engine.store.features.write(recipe.id, near, packFeatures({ ...featuresOf(8), pooled: lost.pooled }));
  const [first] = await search({ references: [{ assetId: near, weight: 1, crop: null }], metric, top: 20 });
  expect(first?.matches.map((match) => match.asset.id)).toContain(dropped[0]);
});

test("a new picture gets its candidate vector with its features; a killed build leaves the earlier answer, and the next one goes on", async () => {
  const { table } = (await engine.probes.stageOf(recipe))!.probes!;
  await engine.probes.take(recipe, idOf(count), featuresOf(count));
  await engine.probes.commit();
  expect(await table.has(idOf(count))).toBe(true);
  await write([count]);

  // Killed before its file was in place: the pooled vectors answer, and what was filled is found filled.
  const { facts } = (await engine.probes.stageOf(recipe))!;
  await rm(join(library, "retrieval"), { recursive: true });
  expect(await engine.probes.stageOf(recipe)).toBeNull();
  await optimised();
  const again = await engine.probes.stageOf(recipe);
  expect(again?.facts).toMatchObject({ by: facts.by, measured: count + 1 });
  expect(await again!.probes!.table.count()).toBe(count + 1 - dropped.length);
  // Of another version nothing is left.
  const versions = (await readdir(join(library, "tables"))).filter((name) => name.startsWith(`vectors_${recipe.id}_`));
  expect(versions).toHaveLength(1);
}, 120_000);

test("the command line says how candidates are found", async () => {
  // The library is one process's at a time.
  await engine.dispose();
  const status = (await cli("index", "status", "--library", library, "--json")).json<{
    recipes: { name: string; candidates?: object }[];
  }>();
  const row = status.recipes.find(({ name }) => name === metric);
  expect(row?.candidates).toMatchObject({ by: "probe attention", count: 200, expectedRecall: expect.any(Number) as number });
  const text = await cli("index", "optimise", "--library", library);
  expect(text.out).toMatch(
    /^starter-subject: the 200 nearest by probe attention are scored, expected to hold [\d.]+ % of the best \(checked on \d+ pictures\)$/m,
  );
  engine = await createEngine({ libraryPath: library, offline: true, inference: "in-process" });
}, 60_000);
