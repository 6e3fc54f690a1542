/**
 * @file The vectors of one recipe, searched by cosine.
 *
 * [Note: Checks before LanceDB] A vector that is too long is cut and one that is too short gets a hole, a merge takes NaN, a query with
 * NaN or only zeros finds nothing, all without a word. Hence every vector is checked here, on the way in and on the way to a search.
 */
import type { VectorQuery } from "@lancedb/lancedb";
import { Index } from "@lancedb/lancedb";
import { appError } from "#shared/domain/app-error";
import type { AssetId } from "#shared/domain/asset";
import type { RecipeId } from "#shared/domain/feature-recipe";
import type { Table as ArrowTable } from "./arrow";
import { seededRandom, shuffled } from "../../platform/seeded-random";
import { corruptLibrary } from "./corrupt-library";
import type { KeyedTable } from "./keyed-table";
import { readRows } from "./keyed-table";
import { sqlIn } from "./sql";
import type { EmbeddingTable, StoredVector, VectorMatch, VectorSearchOptions } from "./store-types";
import type { Writer } from "./writer";

/** Below this a flat scan is as fast as an index and exact. */
export const indexedFromRows = 20_000;
/** Up to this many ids a statement that names them is as fast as the index, and exact. */
const namedUpTo = 2_000;
/** Without an index, beyond this share of the table a scan of all is faster than a statement that names the wanted ones. */
const namedShare = 1 / 4;
/** Candidates are read back at full precision: this many times the limit. */
const refineFactor = 2;
/** All partitions are looked into up to this many rows, since that costs little more than a few of them; beyond it as many as hold this many rows. */
const probedRows = 250_000;
/** Of those that an index ranks roughly, this many times the limit are compared at full precision. */
const comparedFactor = 3;
/** Of the rows that an index ranks under a filter, this many times as many as would hold enough wanted ones by chance. */
const spareRanks = 2;
/** Ranks taken from the index at once, at most. */
const mostRanks = 64_000;
/** Each compaction after an append adds a partial index; more than these slow every search. */
const partialIndices = 8;

interface EmbeddingTableOptions {
  readonly recipeId: RecipeId;
  readonly dimension: number;
  readonly keyed: KeyedTable;
  readonly writer: Writer;
  readonly libraryPath: string;
  /** Ids of assets in a folder or below. */
  readonly idsInFolder: (folder: string) => readonly AssetId[];
}

/** What is wrong with a vector, or null. */
function vectorFault(vector: Float32Array, dimension: number): string | null {
  if (vector.length !== dimension) return `has ${vector.length} numbers, expected ${dimension}`;
  let squares = 0;
  for (const value of vector) squares += value * value;
  if (!Number.isFinite(squares)) return "holds a number that is not finite";
  return squares === 0 ? "is all zeros" : null;
}

function toMatches(rows: ArrowTable): VectorMatch[] {
  const ids = rows.getChild("id");
  const distances = rows.getChild("_distance");
  const matches: VectorMatch[] = [];
  for (let index = 0; index < rows.numRows; index += 1) {
    const score = Math.min(1, Math.max(-1, 1 - Number(distances?.get(index))));
    matches.push({ assetId: String(ids?.get(index)) as AssetId, score });
  }
  return matches.sort((a, b) => b.score - a.score || (a.assetId < b.assetId ? -1 : 1));
}

/**
 * Whether those that rank below the last of `rough` may be left out: of the first `limit` of `exact`, the same matches at full precision, next to none
 * came in the last third, so hardly any would come after it.
 */
function isSettled(rough: readonly VectorMatch[], exact: readonly VectorMatch[], limit: number): boolean {
  const best = new Set(exact.slice(0, limit).map((match) => match.assetId));
  const late = rough.slice(Math.floor((rough.length * 2) / 3)).filter((match) => best.has(match.assetId));
  return best.size === limit && late.length <= limit / 100;
}

/** Vectors of a batch without copying each: rows of a FixedSizeList lie one after another. */
function* toVectors(rows: ArrowTable, dimension: number): Generator<StoredVector> {
  for (const batch of rows.batches) {
    const ids = batch.getChild("id");
    const lists = batch.getChild("vector")?.data[0];
    const numbers = lists?.children[0];
    if (lists === undefined || numbers === undefined) continue;
    const flat = numbers.values as Float32Array;
    for (let index = 0; index < batch.numRows; index += 1) {
      const from = index * dimension;
      yield { assetId: String(ids?.get(index)) as AssetId, vector: flat.slice(from, from + dimension) };
    }
  }
}

/** Wraps the open table of a recipe. */
export function createEmbeddingTable(options: EmbeddingTableOptions): EmbeddingTable {
  const { recipeId, dimension, keyed, writer, libraryPath, idsInFolder } = options;
  const { table, keys } = keyed;

  const reading = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      throw corruptLibrary(libraryPath, `table ${keyed.definition.name} is damaged`, error);
    }
  };

  const readVectors = (ids: readonly AssetId[]) =>
    reading(async () => {
      const vectors = new Map<AssetId, Float32Array>();
      for await (const rows of readRows(keyed, ids, ["id", "vector"])) {
        for (const { assetId, vector } of toVectors(rows, dimension)) vectors.set(assetId, vector);
      }
      return vectors;
    });

  const nearest = (query: Float32Array, limit: number): VectorQuery =>
    table.vectorSearch(query).column("vector").distanceType("cosine").select(["id", "_distance"]).limit(limit);

  const nearestByIndex = (query: Float32Array, limit: number): VectorQuery => {
    const probes = Math.ceil(partitionsOf(keys.size) * Math.min(1, probedRows / keys.size));
    // In this order: the least must not exceed the most at any time.
    return nearest(query, limit).maximumNprobes(probes).minimumNprobes(probes);
  };

  const searchAll = async (query: Float32Array, limit: number, isExact: boolean): Promise<VectorMatch[]> => {
    const ranked = Math.min(limit, keys.size);
    if (isExact || keys.size < indexedFromRows) return toMatches(await nearest(query, ranked).bypassVectorIndex().toArrow());
    return toMatches(await nearestByIndex(query, ranked).refineFactor(refineFactor).toArrow());
  };

  const searchNamed = async (query: Float32Array, limit: number, wanted: ReadonlySet<AssetId>): Promise<VectorMatch[]> =>
    toMatches(await nearest(query, Math.min(limit, wanted.size)).where(sqlIn("id", wanted)).bypassVectorIndex().toArrow());

  /** Ranks all and keeps the wanted: among the best `limit` plus as many as there are unwanted ones, at least `limit` are wanted. */
  const searchScanned = async (query: Float32Array, limit: number, wanted: ReadonlySet<AssetId>): Promise<VectorMatch[]> => {
    const ranked = Math.min(keys.size, limit + keys.size - wanted.size);
    const all = toMatches(await nearest(query, ranked).bypassVectorIndex().toArrow());
    return all.filter((match) => wanted.has(match.assetId)).slice(0, limit);
  };

  /**
   * An index asked with a narrow filter silently loses right answers. So it ranks without one, by its rough distances and deeper than needed, and
   * those of the wanted that come first are compared at full precision. Null where that does not settle which the best are: too few of the wanted
   * came, since they lie far from the query, or what was left out differs from the last of the best by less than the distances are rough.
   */
  const searchRanked = async (query: Float32Array, limit: number, wanted: ReadonlySet<AssetId>): Promise<VectorMatch[] | null> => {
    let compared = Math.min(wanted.size, limit * comparedFactor);
    for (let ranks = Math.ceil((spareRanks * compared * keys.size) / wanted.size); ranks <= mostRanks; ranks *= 4) {
      const all = toMatches(await nearestByIndex(query, Math.min(ranks, keys.size)).toArrow());
      const rough = all.filter((match) => wanted.has(match.assetId)).slice(0, compared);
      if (rough.length < compared) continue;
      const exact = await searchNamed(query, compared, new Set(rough.map((match) => match.assetId)));
      if (isSettled(rough, exact, limit)) return exact.slice(0, limit);
      compared = Math.min(wanted.size, compared * 4);
    }
    return null;
  };

  const searchAmong = async (
    query: Float32Array,
    { limit, exact = false }: VectorSearchOptions,
    wanted: ReadonlySet<AssetId>,
  ): Promise<VectorMatch[]> => {
    if (wanted.size <= namedUpTo) return searchNamed(query, limit, wanted);
    const ranked = exact || keys.size < indexedFromRows ? null : await searchRanked(query, limit, wanted);
    if (ranked !== null) return ranked;
    return wanted.size < keys.size * namedShare ? searchNamed(query, limit, wanted) : searchScanned(query, limit, wanted);
  };

  const wantedIds = ({ filterIds, folder }: VectorSearchOptions): ReadonlySet<AssetId> | null => {
    if (filterIds === undefined && (folder ?? null) === null) return null;
    const inFolder = (folder ?? null) === null ? null : new Set(idsInFolder(folder as string));
    const candidates = filterIds === undefined ? [...(inFolder ?? [])] : [...filterIds].filter((id) => inFolder?.has(id) ?? true);
    return new Set(candidates.filter((id) => keys.has(id)));
  };

  return {
    recipeId,
    dimension,
    async upsert(batch) {
      for (const { assetId, vector } of batch) {
        const fault = vectorFault(vector, dimension);
        const code = vector.length === dimension ? "weights/not-finite" : "scoring/incompatible-features";
        if (fault !== null)
          throw appError(code, `The feature of picture ${assetId} under recipe ${recipeId} ${fault}.`, {
            hint: "The model file may be damaged; check it with models verify.",
          });
      }
      if (batch.length > 0) await writer.write(() => keyed.upsert(batch.map(({ assetId, vector }) => ({ id: assetId, vector }))));
    },
    has: async (id) => keys.has(id),
    ids: () => [...keys] as AssetId[],
    missing: async (ids) => [...new Set(ids)].filter((id) => !keys.has(id)),
    get: (ids) => readVectors([...new Set(ids)].filter((id) => keys.has(id))),
    async search(query, searchOptions) {
      const fault = vectorFault(query, dimension);
      if (fault !== null) throw appError("scoring/incompatible-features", `The feature to search with under recipe ${recipeId} ${fault}.`);
      const wanted = wantedIds(searchOptions);
      if ((wanted ?? keys).size === 0 || searchOptions.limit < 1) return [];
      return reading(() =>
        wanted === null ? searchAll(query, searchOptions.limit, searchOptions.exact ?? false) : searchAmong(query, searchOptions, wanted),
      );
    },
    async warm() {
      if (keys.size < indexedFromRows) return;
      const anywhere = Float32Array.from({ length: dimension }, (_, i) => (i === 0 ? 1 : 0));
      await reading(() => searchAll(anywhere, 1, false));
    },
    async sample(size, seed = 1) {
      const chosen = shuffled([...keys].sort() as AssetId[], seededRandom(seed), size);
      const vectors = await readVectors(chosen);
      return chosen.flatMap((assetId) => {
        const vector = vectors.get(assetId);
        return vector === undefined ? [] : [{ assetId, vector }];
      });
    },
    count: async () => keys.size,
    async removeAssets(ids) {
      const present = [...ids].filter((id) => keys.has(id));
      if (present.length > 0) await writer.write(() => keyed.remove(present));
    },
  };
}

/** Partitions of an index over so many rows. */
function partitionsOf(rows: number): number {
  return Math.round(Math.sqrt(rows));
}

/**
 * Builds the vector index where it pays, from {@link indexedFromRows} rows on, and trains it afresh when appended rows have left many
 * partial indices behind. Four-bit rotated quantisation: a build of seconds, and exact after refinement.
 */
export async function maintainVectorIndex(keyed: KeyedTable): Promise<void> {
  const { table, keys } = keyed;
  if (keys.size < indexedFromRows) return;
  const index = (await table.listIndices()).find((candidate) => candidate.columns.includes("vector"));
  if (index !== undefined && (index.numSegments ?? 1) <= partialIndices) return;
  const numPartitions = partitionsOf(keys.size);
  await table.createIndex("vector", { config: Index.ivfRq({ distanceType: "cosine", numBits: 4, numPartitions }), replace: true });
}
