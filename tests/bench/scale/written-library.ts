/** @file A library of any size, written through the store as index runs would have left it, with vectors that cluster like features do. */
import { createHash } from "node:crypto";
import { mkdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { AssetId } from "#shared/domain/asset";
import type { RecipeId } from "#shared/domain/feature-recipe";
import type { AssetMetadata } from "#shared/domain/asset-metadata";
import { brandId } from "#shared/lib/branded-id";
import { defined } from "#shared/lib/assert";
import { openStore, type Store } from "#main/data/store/store";
import { createEngine } from "#main/engine/engine";
import { seededRandom } from "#main/platform/seeded-random";
import { searchedRecipe, vectorMixture } from "./vectors";

const batchRows = 5_000;
const filesPerFolder = 1_000;
/** Above this the files themselves are not made: a million of them would say nothing more about a search. */
export const mostFilesOnDisk = 200_000;

export interface LibraryPlan {
  readonly libraryPath: string;
  /** Folder of the pictures. */
  readonly rootPath: string;
  readonly rows: number;
}

interface Recipe {
  readonly id: RecipeId;
  readonly dimension: number;
}

/** The id of the picture in row `row`, whose file holds nothing but its number. */
function idOf(row: number): AssetId {
  return brandId<AssetId>(createHash("sha256").update(String(row)).digest("hex").slice(0, 32));
}

function pathOf(rootPath: string, row: number): string {
  return join(rootPath, String(Math.floor(row / filesPerFolder)).padStart(4, "0"), `${String(row).padStart(7, "0")}.png`);
}

const models = ["sd_xl_base_1.0", "v1-5-pruned-emaonly", "dreamshaper_8", "juggernautXL", "flux1-dev"];
const loras = ["ink_wash_v2", "pixel-art", "add_detail", "riso", "linocut"];

/** Half of a library is generated, the rest says nothing of itself but its colours. */
function metadataOf(row: number): AssetMetadata {
  const random = seededRandom(row * 31 + 5);
  const pick = <Item>(items: readonly Item[]): Item => defined(items[Math.floor(random() * items.length)], "an item");
  const hex = (): string =>
    `#${Math.floor(random() * 0x1000000)
      .toString(16)
      .padStart(6, "0")}`;
  const prompt = `picture ${row}, ${pick(loras)} style, ${pick(["heron", "fox", "house", "boat"])} at dawn, wet paper`;
  return {
    generation:
      row % 2 === 0
        ? null
        : {
            generator: pick(["a1111", "comfyui"] as const),
            model: pick(models),
            modelHash: null,
            loras: [{ name: pick(loras), weight: 0.8 }],
            sampler: pick(["dpmpp_2m", "euler", "ddim"]),
            scheduler: "karras",
            steps: 28,
            cfgScale: 6,
            seed: String(row),
            prompt,
            negativePrompt: "blurry",
          },
    capture: null,
    description: null,
    palette: [0.5, 0.3, 0.2].map((share) => ({ colour: hex(), share })),
    phash: createHash("sha256").update(`p${row}`).digest("hex").slice(0, 16),
  };
}

/** Writes the library of `plan`, and its files where they are not too many. */
export async function writeLibrary(plan: LibraryPlan, onProgress: (done: number) => void): Promise<void> {
  const { libraryPath, rootPath, rows } = plan;
  await mkdir(rootPath, { recursive: true });
  await writeFile(join(rootPath, "a-folder-of-pictures.txt"), "");
  const recipes = await starterRecipes(plan);
  const store = await openStore(libraryPath);
  try {
    for (let from = 0; from < rows; from += batchRows) {
      await writeBatch(store, { ...plan, recipes }, from);
      onProgress(Math.min(rows, from + batchRows));
    }
    await store.optimise();
  } finally {
    await store.close();
  }
}

/** Recipes of the starter as an engine names them, so that an engine that opens the library finds everything measured. */
async function starterRecipes({ libraryPath, rootPath }: LibraryPlan): Promise<readonly Recipe[]> {
  const engine = await createEngine({ libraryPath, offline: true, inference: "in-process" });
  try {
    await engine.library.addRoots([rootPath]);
    const recipes: Recipe[] = [];
    const grey = { width: 8, height: 8, data: new Uint8Array(8 * 8 * 3).fill(120) };
    for (const recipe of await engine.recipes.active()) {
      await engine.store.recipes.put({ ...recipe.recipe, name: recipe.key.metric, modelName: recipe.modelName });
      const [features] = await engine.inference.extract([recipe.key], grey);
      recipes.push({ id: recipe.id, dimension: defined(features, "features").pooled.length });
    }
    return recipes;
  } finally {
    await engine.dispose();
  }
}

async function writeBatch(
  store: Store,
  { rootPath, rows, recipes }: LibraryPlan & { readonly recipes: readonly Recipe[] },
  from: number,
): Promise<void> {
  const numbers = Array.from({ length: Math.min(batchRows, rows - from) }, (_, index) => from + index);
  for (const { id, dimension } of [...recipes, searchedRecipe]) {
    const vectorOf = mixtureOf(dimension);
    const table = await store.embeddings(id, dimension);
    await table.upsert(numbers.map((row) => ({ assetId: idOf(row), vector: vectorOf(row) })));
  }
  await store.assets.upsert(numbers.map((row) => ({ id: idOf(row), width: 512 + (row % 7) * 128, height: 768, format: "png" as const })));
  await store.metadata.upsert(numbers.map((row) => ({ id: idOf(row), metadata: metadataOf(row), raw: {} })));
  const [root] = await store.roots.list();
  const rootId = defined(root, "the root was added").id;
  const files = [];
  for (const row of numbers) {
    const path = pathOf(rootPath, row);
    const { sizeBytes, mtimeMs } = rows > mostFilesOnDisk ? { sizeBytes: 8, mtimeMs: row } : await writeNumber(path, row);
    files.push({ path, rootId, assetId: idOf(row), sizeBytes, mtimeMs });
  }
  await store.files.upsert(files);
}

const mixtures = new Map<number, (row: number) => Float32Array>();

function mixtureOf(dimension: number): (row: number) => Float32Array {
  const mixture = mixtures.get(dimension) ?? vectorMixture(dimension);
  mixtures.set(dimension, mixture);
  return mixture;
}

/** A file whose bytes have the id of its row. A scan that finds it unchanged never opens it. */
async function writeNumber(path: string, row: number): Promise<{ readonly sizeBytes: number; readonly mtimeMs: number }> {
  if (row % filesPerFolder === 0) await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, String(row));
  const stats = await stat(path, { bigint: true });
  return { sizeBytes: Number(stats.size), mtimeMs: Number(stats.mtimeNs / 1_000n) / 1_000 };
}
