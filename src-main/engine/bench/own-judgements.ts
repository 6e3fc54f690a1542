/** @file Triplets of the library that its owner judged, and which to ask about next. */
import { z } from "zod";
import type { AssetId } from "#shared/domain/asset";
import { type OwnJudgement, ownJudgementSchema } from "#shared/domain/benchmark";
import { defined } from "#shared/lib/assert";
import { type DatasetReading, SkipCounter, type Triplet } from "../../data/datasets/triplet";
import type { EmbeddingTable, Store } from "../../data/store/store-types";
import { seededRandom, shuffled } from "../../platform/seeded-random";

/** The folder among the runs that holds the judgements themselves. */
export const judgementsRun = "judgements";
const documentName = "judgements";
const judgementsSchema = z.array(ownJudgementSchema);

const seed = 2334;
/** Pictures from which the two of a triplet are chosen. */
const poolSize = 32;
/** Every so many triplets is drawn blindly, so that the set does not hold hard cases alone. */
const blindEvery = 3;
/** More alike by any metric than this, and a picture is a copy: there is nothing to judge. */
const copyAbove = 0.97;

const groups = { disagree: "metrics disagree", random: "drawn at random" } as const;

/** Everything that was said so far, skips too, in its order. */
export async function readJudgements({ benchmarks }: Store): Promise<readonly OwnJudgement[]> {
  return (await benchmarks.read(judgementsRun, documentName, judgementsSchema)) ?? [];
}

/** Replaces what was said. Throws library/read-only. */
export function writeJudgements({ benchmarks }: Store, judgements: readonly OwnJudgement[]): Promise<void> {
  return benchmarks.write(judgementsRun, documentName, judgements);
}

/** The judgements as triplets of files; a picture that is in the library no more leaves its triplet out. */
export async function readOwnSet(store: Store): Promise<DatasetReading> {
  const skipped = new SkipCounter();
  const pathOf = (id: AssetId): string | null => store.assets.get(id)?.files[0]?.path ?? null;
  const triplets: Triplet[] = [];
  for (const { reference, a, b, choice, group } of await readJudgements(store)) {
    const [first = null, second = null, third = null] = [reference, a, b].map(pathOf);
    if (choice === null) skipped.add("a triplet that you skipped");
    else if (first === null || second === null || third === null) skipped.add("a triplet of which a picture left the library");
    else triplets.push({ reference: first, a: second, b: third, choice, prompt: null, group });
  }
  return { triplets, skipped: skipped.list(), notes: [] };
}

export interface DealtIds {
  readonly number: number;
  readonly reference: AssetId;
  readonly a: AssetId;
  readonly b: AssetId;
  readonly group: string;
}

/**
 * The triplet of a number: always the same one for the same library. Two of three show pictures between which the metrics choose differently.
 * null where fewer than three pictures are measured.
 */
export async function dealTriplet(tables: readonly EmbeddingTable[], number: number): Promise<DealtIds | null> {
  const [first, ...others] = tables;
  const ids = [...(first?.ids() ?? [])].sort();
  if (first === undefined || ids.length < 3) return null;
  const random = seededRandom(seed + 7919 * number);
  const [reference, ...pool] = shuffled(ids, random, Math.min(ids.length, poolSize + 1));
  const asked = [defined(reference, "a picture"), ...pool];
  const likeness: (readonly number[])[] = [];
  for (const table of [first, ...others]) {
    const row = await likenessTo(table, asked);
    if (row !== null) likeness.push(row);
  }
  const usable = [...pool.keys()].filter((place) => likeness.every((row) => (row[place] ?? 0) <= copyAbove));
  const places = usable.length < 2 ? [...pool.keys()] : usable;
  const isBlind = likeness.length < 2 || number % blindEvery === blindEvery - 1;
  const pair = (isBlind ? null : mostDisputed(likeness, places)) ?? places.slice(0, 2);
  const [a, b] = shuffled(pair, random).map((place) => defined(pool[place], "a picture of the pool"));
  const group = isBlind ? groups.random : groups.disagree;
  return { number, reference: defined(asked[0], "a picture"), a: defined(a, "a"), b: defined(b, "b"), group };
}

/** Cosines of the first picture with the others; null where one of them is not measured. */
async function likenessTo(table: EmbeddingTable, [reference, ...pool]: readonly AssetId[]): Promise<readonly number[] | null> {
  const vectors = await table.get([defined(reference, "a reference"), ...pool]);
  const query = vectors.get(defined(reference, "a reference"));
  const rows = pool.map((id) => vectors.get(id));
  if (query === undefined || rows.includes(undefined)) return null;
  return rows.map((row) => query.reduce((sum, value, channel) => sum + value * (row?.[channel] ?? 0), 0));
}

/** The two places that two metrics order most clearly in opposite ways, each by its own spread; null where all agree. */
function mostDisputed(likeness: readonly (readonly number[])[], places: readonly number[]): readonly [number, number] | null {
  const spreads = likeness.map(spreadOf);
  let best: readonly [number, number] | null = null;
  let clearest = 0;
  for (const [order, one] of places.entries())
    for (const other of places.slice(order + 1)) {
      const margins = likeness.map((row, metric) => ((row[one] ?? 0) - (row[other] ?? 0)) / (spreads[metric] ?? 1));
      const clarity = Math.min(Math.max(...margins), -Math.min(...margins));
      if (clarity > clearest) [best, clearest] = [[one, other], clarity];
    }
  return best;
}

function spreadOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) || 1;
}
