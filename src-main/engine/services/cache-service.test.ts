import { afterEach, beforeEach, expect, test } from "vitest";
import type { AssetId } from "#shared/domain/asset";
import { randomNumbers } from "../../../tests/support/random-numbers";
import { scratchFolder } from "../../../tests/support/scratch-folder";
import { openStore, type Store } from "../../data/store/store";
import type { ImageFeatures, PairScore } from "../../ml/metrics/metric";
import { openSettings } from "../../platform/settings";
import type { ExtractorKey } from "../inference/inference-service";
import { createLanes } from "../jobs/lanes";
import { createFeatureForms, type FeatureForms } from "./cache-forms";
import { createCacheService, type CacheService } from "./cache-service";
import { packFeatures, precisionOf, toStoredPrecision } from "./feature-blobs";
import type { MeasureRecipe } from "./measure-recipes";

const pictures = 45;
/** 4 x 64 x 64 numbers, four times, at half precision: 131 kB. */
const [heads, tokens, headDim] = [4, 64, 64];
const description = {
  metric: "diffsim-s",
  family: "stable-diffusion",
  modelSha256: "0",
  mode: "corrected",
  precision: "float32",
  tap: "up",
  imageSize: 512,
  parameters: {},
  version: 1,
} as const;

let store: Store;
let forms: FeatureForms;
let recipe: MeasureRecipe;

function features(seed: number): ImageFeatures {
  const part = (i: number) => randomNumbers(heads * tokens * headDim, 4 * seed + i);
  const grid = { rows: 8, columns: 8, prefix: 0 };
  const arrays = { query: part(1), key: part(2), value: part(3), output: part(4) };
  return toStoredPrecision({ pooled: Float32Array.of(1.1 ** seed), attention: { heads, tokens, headDim, grid, ...arrays } });
}

/** Scores by the distance of the pooled numbers, of which no two pairs are equally far apart; `spoil` says what becomes of one from eight bits. */
function cacheWith(spoil: (score: number) => number): CacheService {
  const score = (_key: ExtractorKey, query: ImageFeatures, targets: readonly ImageFeatures[]): Promise<readonly PairScore[]> =>
    Promise.resolve(
      targets.map((target) => {
        const exact = 1 - Math.abs((query.pooled[0] ?? 0) - (target.pooled[0] ?? 0)) / 100;
        const isRounded = precisionOf(target) === "int8";
        return { score: isRounded ? spoil(exact) : exact, directions: { ab: null, ba: null }, a: null, b: null };
      }),
    );
  const recipes = { of: () => Promise.resolve(recipe) };
  return createCacheService({
    store,
    forms,
    recipes,
    settings: openSettings(store.libraryPath),
    inference: { score },
    lanes: createLanes(),
  });
}

beforeEach(async () => {
  store = await openStore(scratchFolder());
  forms = createFeatureForms(store);
  const id = await store.recipes.put({ ...description, name: "diffsim-s", modelName: "tiny" });
  recipe = {
    id,
    recipe: description,
    key: { metric: "diffsim-s", modelPath: null },
    modelName: "tiny",
    hasTokens: true,
    ranksByTokens: true,
  };
  const table = await store.embeddings(id, 2);
  const ids = Array.from({ length: pictures }, (_, index) => (index + 1).toString(16).padStart(32, "0") as AssetId);
  await table.upsert(ids.map((assetId) => ({ assetId, vector: Float32Array.of(1, 0) })));
  for (const [seed, assetId] of ids.entries()) await store.features.write(id, assetId, packFeatures(features(seed)));
});
afterEach(() => store.close());

test("large features that nobody checked are checked once, and kept in eight bits where those do", async () => {
  const cache = cacheWith((score) => score);
  expect(forms.of(recipe.id)).toBe("float16");
  await cache.checkLarge([recipe, { ...recipe, ranksByTokens: false }]);
  const { check } = store.featureRecords.get(recipe.id);
  expect(check).toMatchObject({ queries: 20, pictures, tau: 1, recall: 1, identity: 0, isAccepted: true });
  expect(check?.bytesPerPicture).toBe(4 + 4 * 2 * heads * tokens * headDim);
  expect(forms.of(recipe.id)).toBe("int8");
  await cache.checkLarge([recipe]);
  expect(store.featureRecords.get(recipe.id).check?.checkedMs).toBe(check?.checkedMs);
});

test.each([
  ["another order", (score: number) => 2 - score],
  ["a picture that is not like itself", (score: number) => score - 0.001],
])("eight bits that give %s are not accepted", async (_, spoil) => {
  await cacheWith(spoil).checkLarge([recipe]);
  expect(store.featureRecords.get(recipe.id).check).toMatchObject({ isAccepted: false });
  expect(forms.of(recipe.id)).toBe("float16");
});

test("what a person chose is not checked behind their back; a recipe that has gone is named", async () => {
  const cache = cacheWith((score) => score);
  const stored = cache.recipe(recipe.id);
  await cache.chooseForm(stored, "float16");
  await cache.checkLarge([recipe]);
  expect(store.featureRecords.get(recipe.id)).toMatchObject({ choice: "float16", check: null });
  recipe = { ...recipe, id: "f".repeat(16) as typeof recipe.id };
  await expect(cache.check(stored)).rejects.toMatchObject({ code: "metric/needs-model" });
});
