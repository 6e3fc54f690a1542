/** @file A run as it lies in the library: its triplets, what was ordered last, and the scores so far. */
import { z } from "zod";
import { type MetricName, metricNameSchema, type ScoringMode, scoringModeSchema } from "#shared/domain/feature-recipe";
import type { Skipped, Triplet } from "../../data/datasets/triplet";
import { tripletSchema } from "../../data/datasets/triplet";
import type { BenchmarkStore } from "../../data/store/store-types";
import type { PairOfScores } from "../../ml/metrics/ensemble/votes";
import type { CompareOptions } from "../../ml/metrics/metric";
import type { JudgedTriplet } from "./bench-run";
import { readScores } from "./score-book";

const manifestSchema = z.object({
  layout: z.string(),
  dataset: z.string(),
  notes: z.array(z.string()),
  skipped: z.array(z.object({ reason: z.string(), count: z.number().int() })),
  partial: z.string().nullable().default(null),
  isWhole: z.boolean().default(false),
  triplets: z.array(tripletSchema),
});

/** The triplets of a run and where their pictures lie. */
export interface KeptManifest {
  readonly layout: string;
  readonly dataset: string;
  readonly notes: readonly string[];
  readonly skipped: readonly Skipped[];
  readonly partial: string | null;
  readonly isWhole: boolean;
  readonly triplets: readonly Triplet[];
}

/** A metric of the last order with the settings it was given; `scorerId` names its book. */
export interface KeptMetric {
  readonly name: MetricName;
  readonly scorerId: string;
  readonly options: CompareOptions;
}

/** What was ordered last; `finishedMs` is null until it came to its end. */
export interface KeptOrder {
  readonly mode: ScoringMode;
  readonly seed: number;
  readonly startedMs: number;
  readonly finishedMs: number | null;
  readonly metrics: readonly KeptMetric[];
}

const orderSchema = z.object({
  mode: scoringModeSchema,
  seed: z.number().int(),
  startedMs: z.number(),
  finishedMs: z.number().nullable(),
  metrics: z.array(
    z.object({
      name: metricNameSchema,
      scorerId: z.string().regex(/^[\da-f]{16}$/),
      options: z.record(z.string(), z.unknown()).transform((options) => options as CompareOptions),
    }),
  ),
});

/** Notes what a run is about to do, or has done. */
export function writeKeptOrder(store: BenchmarkStore, run: string, order: KeptOrder): Promise<void> {
  return store.write(run, "order", order);
}

/** null for a run that is not there, or damaged. */
export function readManifest(store: BenchmarkStore, run: string): Promise<KeptManifest | null> {
  return store.read(run, "manifest", manifestSchema);
}

/** null where nothing was ordered yet. */
export function readOrder(store: BenchmarkStore, run: string): Promise<KeptOrder | null> {
  return store.read(run, "order", orderSchema);
}

/** The model that made a metric's scores. */
export interface KeptModel {
  readonly name: string;
  readonly sha256: string;
}

/** The triplets that every metric of the order has scored so far, with their places in the set. */
export interface KeptScores {
  readonly judged: readonly (JudgedTriplet & { readonly index: number })[];
  readonly models: ReadonlyMap<MetricName, KeptModel>;
}

/** Reads the scores of the last order. */
export async function readKeptScores(
  store: BenchmarkStore,
  { run, triplets, order }: { readonly run: string; readonly triplets: readonly Triplet[]; readonly order: KeptOrder },
): Promise<KeptScores> {
  const books: { readonly name: MetricName; readonly model: KeptModel; readonly scores: ReadonlyMap<number, PairOfScores> }[] = [];
  for (const { name, scorerId } of order.metrics) {
    const book = await readScores({ store, run, scorerId }, name);
    if (book === null) return { judged: [], models: new Map() };
    books.push({ name, ...book });
  }
  const judged = triplets.flatMap((triplet, index) => {
    const scores = new Map(books.flatMap((book) => pairOf(book.name, book.scores.get(index))));
    return scores.size === books.length ? [{ index, triplet, scores }] : [];
  });
  return { judged, models: new Map(books.map(({ name, model }) => [name, model])) };
}

function pairOf(name: MetricName, scores: PairOfScores | undefined): readonly (readonly [MetricName, PairOfScores])[] {
  return scores === undefined ? [] : [[name, scores]];
}
