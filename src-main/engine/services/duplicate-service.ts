/**
 * @file Pictures that a library has more than once. Nothing is deleted or moved: it is shown what is alike, the best file first.
 *
 * How near and how alike is measured in docs/duplicates.md.
 */
import { appError } from "#shared/domain/app-error";
import type { AssetId } from "#shared/domain/asset";
import type { Duplicate, DuplicateGroup, DuplicateQuery, Duplicates, DuplicatesEvent } from "#shared/domain/duplicates";
import type { MetricName } from "#shared/domain/feature-recipe";
import { minimumPairs, voteRarity } from "#shared/domain/rarity";
import { defined } from "#shared/lib/assert";
import type { EmbeddingTable, Store, StoredAsset } from "../../data/store/store-types";
import { groupAlike, type Member } from "./duplicate-groups";
import { type Candidates, groupingOf, hashedPictures, near, usualMetric } from "./duplicate-near";
import { createPlaneSketches, planeLimit, sketchDistance, type Sketches } from "./duplicate-sketches";
import type { MeasureRecipes } from "./measure-recipes";
import type { Yardstick } from "./random-pairs";
import { notMeasured } from "./not-measured";
import type { YardstickService } from "./yardstick-service";

/** Pictures of one scene are so alike that a picture meets about one such by chance, within these shares of random pairs. */
const sceneRarity = { most: voteRarity, least: 0.001 } as const;
/** Vectors read at once while sketches are made of them. */
const sketchBatch = 4096;
/** Vectors of a library that need no more than this stay in memory while groups are made. */
const mostKeptBytes = 256 * 2 ** 20;

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
    const candidates = await candidatesOf(store, { tier: query.tier, measure, ids: assets.map(({ id }) => id) }, signal);
    const { known, sketches } = candidates;
    const { metric, table, low, high } = measure;
    const steps = groupAlike(groupingOf({ store, table }, candidates, (similarity) => similarity >= low && similarity <= high));
    let step = await steps.next();
    for (; step.done !== true; step = await steps.next()) {
      signal?.throwIfAborted();
      yield { done: step.value, total: known.length, answer: null };
    }
    const assetOf = new Map(assets.map((asset) => [asset.id, asset]));
    const copies = known.map((id) => defined(assetOf.get(id), "what is known is an asset"));
    const distances = query.tier === "near" ? sketches : null;
    const groups = step.value.map((members) => groupOf(copies, members, distances));
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
  return { metric, table, low, high };
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

/** Near pictures by their perceptual hashes, scenes by their vectors. */
async function candidatesOf(
  store: Store,
  { tier, measure, ids }: { readonly tier: "near" | "scene"; readonly measure: Measure; readonly ids: readonly AssetId[] },
  signal?: AbortSignal,
): Promise<Candidates> {
  const { table, low } = measure;
  const missing = new Set(await table.missing(ids));
  const known = ids.filter((id) => !missing.has(id));
  if (tier === "near") return { ...(await hashedPictures(store, known)), limit: near.bits };
  const sketches = createPlaneSketches(known.length, table.dimension);
  const kept = known.length * table.dimension * Float32Array.BYTES_PER_ELEMENT <= mostKeptBytes ? new Map<AssetId, Float32Array>() : null;
  for (let from = 0; from < known.length; from += sketchBatch) {
    signal?.throwIfAborted();
    const batch = known.slice(from, from + sketchBatch);
    const vectors = await table.get(batch);
    for (const [place, id] of batch.entries()) {
      const vector = vectors.get(id) ?? new Float32Array(table.dimension);
      sketches.set(from + place, vector);
      kept?.set(id, vector);
    }
  }
  return { known, sketches, limit: planeLimit(low), ...(kept === null ? {} : { vectors: kept }) };
}

function groupOf(copies: readonly StoredAsset[], members: readonly Member[], sketches: Sketches | null): DuplicateGroup {
  const leader = defined(members[0], "a group has its leader").item;
  return {
    pictures: members.map(({ item, similarity }) => {
      const likeness = item === leader ? null : { similarity, distance: sketches === null ? null : sketchDistance(sketches, leader, item) };
      return copyOf(defined(copies[item], "items are known pictures"), likeness);
    }),
  };
}

/** Files of a picture with the oldest first: the copies were made of it. */
function copyOf(asset: StoredAsset, likeness: Pick<Duplicate, "similarity" | "distance"> | null): Duplicate {
  const { files, measuredWith: _, annotation: _said, ...summary } = asset;
  const oldestFirst = [...files].sort((a, b) => a.modifiedMs - b.modifiedMs || (a.path < b.path ? -1 : 1));
  return { asset: summary, files: oldestFirst, similarity: likeness?.similarity ?? null, distance: likeness?.distance ?? null };
}
