/** @file A process of its own that searches a library and tells how long it took and what it keeps resident: `search-process.ts LIBRARY`. */
import { readFileSync } from "node:fs";
import process from "node:process";
import type { AssetId } from "#shared/domain/asset";
import { defined } from "#shared/lib/assert";
import { openStore } from "#main/data/store/store";
import type { EmbeddingTable, VectorSearchOptions } from "#main/data/store/store-types";
import { seededRandom, shuffled } from "#main/platform/seeded-random";
import { searchedRecipe, vectorMixture } from "./vectors";

const queries = 100;
const flatQueries = 20;
/** Questions are new pictures of the same kind, not pictures of the library. */
const queriesFromRow = 50_000_000;
const limit = 200;
const judged = 20;

export interface SearchFigures {
  readonly openMs: number;
  readonly residentMiB: number;
  readonly searches: Readonly<Record<string, { readonly p50: number; readonly p95: number; readonly recall: number | null }>>;
}

/** Resident memory, the pages of mapped files among it. */
function residentMiB(): number {
  const rollup = readFileSync("/proc/self/smaps_rollup", "utf8");
  const rss = /^Rss:\s+(\d+) kB/m.exec(rollup)?.[1];
  return Number(defined(rss, "Linux says what is resident")) / 1024;
}

const quantile = (sorted: readonly number[], share: number): number =>
  defined(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))], "a sample");

async function measured(
  table: EmbeddingTable,
  questions: readonly Float32Array[],
  options: Omit<VectorSearchOptions, "limit">,
): Promise<{ p50: number; p95: number; found: readonly (readonly AssetId[])[] }> {
  const times: number[] = [];
  const found: AssetId[][] = [];
  for (const question of questions) {
    const start = performance.now();
    const matches = await table.search(question, { limit, ...options });
    times.push(performance.now() - start);
    found.push(matches.slice(0, judged).map((match) => match.assetId));
  }
  times.sort((a, b) => a - b);
  return { p50: quantile(times, 0.5), p95: quantile(times, 0.95), found };
}

/** Share of the best of `truth` that is among the best of `found`. */
function recallOf(found: readonly (readonly AssetId[])[], truth: readonly (readonly AssetId[])[]): number {
  const shares = truth.map((ids, index) => ids.filter((id) => found[index]?.includes(id)).length / Math.max(1, ids.length));
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

async function main(libraryPath: string): Promise<SearchFigures> {
  const start = performance.now();
  const store = await openStore(libraryPath);
  const openMs = performance.now() - start;
  const table = await store.embeddings(searchedRecipe.id, searchedRecipe.dimension);
  const mixture = vectorMixture(searchedRecipe.dimension);
  const questions = Array.from({ length: queries }, (_, index) => mixture(queriesFromRow + index));
  const few = questions.slice(0, flatQueries);

  await measured(table, few.slice(0, 3), {});
  const indexed = await measured(table, questions, {});
  const resident = residentMiB();
  const everything: readonly AssetId[] = store.assets.ids();
  const some = (share: number): readonly AssetId[] => shuffled(everything, seededRandom(3), Math.round(everything.length * share));
  const searches: Record<string, { p50: number; p95: number; recall: number | null }> = {};
  const flat = await measured(table, few, { exact: true });
  searches["flat scan"] = { p50: flat.p50, p95: flat.p95, recall: null };
  searches["stage 1"] = { p50: indexed.p50, p95: indexed.p95, recall: recallOf(indexed.found.slice(0, flatQueries), flat.found) };
  for (const share of [0.5, 0.1, 0.01, 0.001]) {
    const filterIds = some(share);
    const exact = await measured(table, few, { filterIds, exact: true });
    const filtered = await measured(table, questions, { filterIds });
    searches[`${share * 100} % filter`] = {
      p50: filtered.p50,
      p95: filtered.p95,
      recall: recallOf(filtered.found.slice(0, flatQueries), exact.found),
    };
  }
  await store.close();
  return { openMs, residentMiB: resident, searches };
}

process.stdout.write(JSON.stringify(await main(defined(process.argv[2], "a library"))));
