/**
 * @file Pictures that a library has more than once. Nothing is deleted or moved: it is shown what is alike, the best file first.
 *
 * How near and how alike is measured in docs/duplicates.md.
 */
import { appError } from "#shared/domain/app-error";
import type { AssetId } from "#shared/domain/asset";
import type { Duplicate, DuplicateGroup, DuplicateQuery, Duplicates, DuplicatesEvent } from "#shared/domain/duplicates";
import type { MetricName } from "#shared/domain/feature-recipe";
import { defined } from "#shared/lib/assert";
import type { EmbeddingTable, Store, StoredAsset } from "../../data/store/store-types";
import { type Grouping, groupAlike, type Member } from "./duplicate-groups";
import { createPlaneSketches, hashSketches, planeLimit, sketchDistance, SketchIndex, type Sketches } from "./duplicate-sketches";
import type { MeasureRecipe, MeasureRecipes } from "./measure-recipes";
import { minimumPairs, voteRarity, type Yardstick } from "./random-pairs";
import { notMeasured } from "./search-service";
import type { YardstickService } from "./yardstick-service";

/** What tells things apart, measured in every library. */
const usualMetric: MetricName = "starter-subject";
/** Pictures that were saved again, scaled or retouched lie within these; different ones that share a hash by chance do not. */
const near = { bits: 10, similarity: 0.9 } as const;
/** Pictures of one scene are so alike that a picture meets about one such by chance, within these shares of random pairs. */
const sceneRarity = { most: voteRarity, least: 0.001 } as const;
/** Vectors read at once while sketches are made of them. */
const sketchBatch = 4096;

export interface DuplicateService {
  /** Says how far it has come, and the answer at last. Throws usage/invalid, metric/..., library/not-indexed, and the reason of an aborted signal. */
  list(query: DuplicateQuery, signal?: AbortSignal): AsyncGenerator<DuplicatesEvent, void, undefined>;
  /** Says that no two of these pictures are duplicates. Throws asset/not-found. */
  keepApart(assetIds: readonly AssetId[]): Promise<void>;
  undoKeepApart(assetIds: readonly AssetId[]): Promise<void>;
}

export interface DuplicateParts {
  readonly store: Store;
  readonly recipes: MeasureRecipes;
  readonly yardsticks: YardstickService;
}

/** Creates the service over one library. */
export function createDuplicateService(parts: DuplicateParts): DuplicateService {
  const { store } = parts;

  async function* list(query: DuplicateQuery, signal?: AbortSignal): AsyncGenerator<DuplicatesEvent, void, undefined> {
    const ids = await store.assets.matching({ folder: query.folder, text: null, where: query.where });
    const assets = bestFirst(ids.flatMap((id) => store.assets.get(id) ?? []));
    if (query.tier === "exact") {
      const groups = assets.filter(({ files }) => files.length > 1).map((asset) => ({ pictures: [copyOf(asset, null)] }));
      yield answered({ tier: "exact", metric: null, low: null, high: null, groups, looked: assets.length, unlooked: 0 });
      return;
    }
    const measure = await openMeasure(parts, query);
    const { known, sketches, limit } = await sketched(parts, { tier: query.tier, measure, assets }, signal);
    const grouping: Grouping = {
      count: known.length,
      index: new SketchIndex(sketches, limit),
      vectorsOf: async (items) => vectorsOf(measure.table, known, items),
      isAlike: (similarity) => similarity >= measure.low && similarity <= measure.high,
      areApart: (a, b) => store.duplicateDecisions.apartFrom(idOf(known, a)).has(idOf(known, b)),
    };
    const steps = groupAlike(grouping);
    let step = await steps.next();
    for (; step.done !== true; step = await steps.next()) {
      signal?.throwIfAborted();
      yield { done: step.value, total: known.length, answer: null };
    }
    const distances = query.tier === "near" ? sketches : null;
    const groups = step.value.map((members) => groupOf(known, members, distances));
    const { metric, low, high } = measure;
    yield answered({ tier: query.tier, metric, low, high, groups, looked: known.length, unlooked: assets.length - known.length });
  }

  return {
    list,
    async keepApart(assetIds) {
      const unknown = assetIds.find((id) => !store.assets.has(id));
      if (unknown !== undefined) throw appError("asset/not-found", `The library has no picture ${unknown}.`);
      await store.duplicateDecisions.keepApart(assetIds);
    },
    undoKeepApart: (assetIds) => store.duplicateDecisions.undoKeepApart(assetIds),
  };
}

function answered(answer: Duplicates): DuplicatesEvent {
  return { done: answer.looked, total: answer.looked, answer };
}

interface Measure {
  readonly metric: MetricName;
  readonly recipe: MeasureRecipe;
  readonly table: EmbeddingTable;
  readonly low: number;
  readonly high: number;
}

async function openMeasure({ store, recipes, yardsticks }: DuplicateParts, query: DuplicateQuery): Promise<Measure> {
  const metric = query.metric ?? usualMetric;
  const recipe = await recipes.of(metric);
  const table = store.findEmbeddings(recipe.id);
  if (table === null || (await table.count()) === 0) throw notMeasured(store, { metric });
  const low =
    query.low ?? (query.tier === "near" ? near.similarity : sceneSimilarity(await yardsticks.pooled(recipe), await table.count()));
  const high = query.high ?? 1;
  if (low > high)
    throw appError("usage/invalid", `No similarity is at least ${low} and at most ${high}.`, { hint: "Give the lower bound first." });
  return { metric, recipe, table, low, high };
}

/** What few random pairs of the library reach; that of nearly equal pictures while there are too few pairs to say. */
function sceneSimilarity({ scores }: Yardstick, pictures: number): number {
  if (scores.length < minimumPairs) return near.similarity;
  const rarity = Math.min(sceneRarity.most, Math.max(sceneRarity.least, 1 / pictures));
  return scores[Math.min(scores.length - 1, Math.ceil(scores.length * (1 - rarity)))] ?? near.similarity;
}

/** Most pixels first, then most bytes. */
function bestFirst(assets: readonly StoredAsset[]): readonly StoredAsset[] {
  const judged = assets.map((asset) => ({
    asset,
    pixels: asset.width * asset.height,
    bytes: Math.max(0, ...asset.files.map(({ sizeBytes }) => sizeBytes)),
  }));
  judged.sort((a, b) => b.pixels - a.pixels || b.bytes - a.bytes || (a.asset.id < b.asset.id ? -1 : 1));
  return judged.map(({ asset }) => asset);
}

interface Sketched {
  /** The assets that can be looked at, in their order. */
  readonly known: readonly StoredAsset[];
  readonly sketches: Sketches;
  readonly limit: number;
}

/** Near pictures by their perceptual hashes, scenes by their vectors. */
async function sketched(
  { store }: DuplicateParts,
  { tier, measure, assets }: { readonly tier: "near" | "scene"; readonly measure: Measure; readonly assets: readonly StoredAsset[] },
  signal?: AbortSignal,
): Promise<Sketched> {
  const { table, low } = measure;
  const missing = new Set(await table.missing(assets.map(({ id }) => id)));
  const measured = assets.filter(({ id }) => !missing.has(id));
  if (tier === "near") {
    await store.metadata.ready();
    const known = measured.filter(({ id }) => store.metadata.get(id) !== null);
    const hashes = known.map(({ id }) => defined(store.metadata.get(id), "only described pictures are known").phash);
    return { known, sketches: hashSketches(hashes), limit: near.bits };
  }
  const sketches = createPlaneSketches(measured.length, table.dimension);
  for (let from = 0; from < measured.length; from += sketchBatch) {
    signal?.throwIfAborted();
    const items = Array.from({ length: Math.min(sketchBatch, measured.length - from) }, (_, offset) => from + offset);
    for (const [item, vector] of await vectorsOf(table, measured, items)) sketches.set(item, vector);
  }
  return { known: measured, sketches, limit: planeLimit(low) };
}

function idOf(known: readonly StoredAsset[], item: number): AssetId {
  return defined(known[item], "items are known assets").id;
}

async function vectorsOf(
  table: EmbeddingTable,
  known: readonly StoredAsset[],
  items: readonly number[],
): Promise<ReadonlyMap<number, Float32Array>> {
  if (items.length === 0) return new Map();
  const vectors = await table.get(items.map((item) => idOf(known, item)));
  return new Map(
    items.flatMap((item) => {
      const vector = vectors.get(idOf(known, item));
      return vector === undefined ? [] : [[item, vector] as const];
    }),
  );
}

function groupOf(known: readonly StoredAsset[], members: readonly Member[], sketches: Sketches | null): DuplicateGroup {
  const leader = defined(members[0], "a group has its leader").item;
  return {
    pictures: members.map(({ item, similarity }) => {
      const likeness = item === leader ? null : { similarity, distance: sketches === null ? null : sketchDistance(sketches, leader, item) };
      return copyOf(defined(known[item], "items are known assets"), likeness);
    }),
  };
}

/** Files of a picture with the oldest first: the copies were made of it. */
function copyOf(asset: StoredAsset, likeness: Pick<Duplicate, "similarity" | "distance"> | null): Duplicate {
  const { files, measuredWith: _, annotation: _said, ...summary } = asset;
  const oldestFirst = [...files].sort((a, b) => a.modifiedMs - b.modifiedMs || (a.path < b.path ? -1 : 1));
  return { asset: summary, files: oldestFirst, similarity: likeness?.similarity ?? null, distance: likeness?.distance ?? null };
}
