/** @file Runs metrics over the triplets of a dataset. What was scored before is not scored again; what is scored is kept, however the run ends. */
import { createHash } from "node:crypto";
import { toAppError } from "#shared/domain/app-error";
import type { FeatureRecipe, MetricName, ScoringMode } from "#shared/domain/feature-recipe";
import { defined } from "#shared/lib/assert";
import { canonicalJson } from "#shared/lib/canonical-json";
import { type DatasetReading, SkipCounter, type Skipped, type Triplet } from "../../data/datasets/triplet";
import type { BenchmarkStore } from "../../data/store/store-types";
import type { PairOfScores } from "../../ml/metrics/ensemble/votes";
import { createTripletOpener, fingerprintOf, type TripletOpener } from "./bench-picture";
import { type KeptMetric, writeKeptOrder } from "./kept-run";
import { openScoreBook, type ScoreBook } from "./score-book";
import { type BenchEngine, type BenchMetric, openScorer, scoreTriplet, type TripletScorer } from "./triplet-scorer";

export interface BenchRequest {
  /** Absolute path of the dataset. */
  readonly dataset: string;
  /** Name of the layout, or of what else the triplets are from. */
  readonly layout: string;
  readonly reading: DatasetReading;
  readonly mode: ScoringMode;
  readonly metrics: readonly BenchMetric[];
  /** Decided the triplets where the protocol draws them. */
  readonly seed: number;
  /** Whether these are all triplets of the published set. */
  readonly isWhole: boolean;
}

export interface BenchWatch {
  readonly signal: AbortSignal;
  /** Triplets scored, of those that were not scored by an earlier run. The run waits for what it answers. */
  readonly onProgress: (progress: { readonly done: number; readonly total: number }) => void | Promise<void>;
}

/** A triplet that every metric of the run scored. */
export interface JudgedTriplet {
  readonly triplet: Triplet;
  readonly scores: ReadonlyMap<MetricName, PairOfScores>;
}

export interface BenchRun {
  /** Its name in the library. */
  readonly name: string;
  readonly judged: readonly JudgedTriplet[];
  readonly skipped: readonly Skipped[];
  readonly recipes: ReadonlyMap<MetricName, FeatureRecipe | null>;
  /** Path of the manifest: the triplets as this run took them. */
  readonly manifest: string;
}

interface OpenMetric {
  readonly bench: BenchMetric;
  readonly scorer: TripletScorer;
  readonly book: ScoreBook;
}

/** A triplet whose pictures are there. */
interface Task {
  readonly index: number;
  readonly triplet: Triplet;
  readonly fingerprint: string;
}

/**
 * Scores every triplet with every metric. A triplet of which a picture cannot be read is left out for all metrics, so that they are compared on
 * the same ones; it is tried again next time.
 *
 * @throws the signal's reason when aborted, after what was done is kept; library/read-only; checkpoint/... and what a metric throws
 */
export async function runBenchmark(engine: BenchEngine, request: BenchRequest, watch: BenchWatch): Promise<BenchRun> {
  const { dataset, reading } = request;
  const { benchmarks } = engine.store;
  const run = await keepManifest(benchmarks, request);
  const metrics: OpenMetric[] = [];
  for (const bench of request.metrics) {
    const scorer = await openScorer(engine, bench, request.mode);
    metrics.push({ bench, scorer, book: await openScoreBook({ store: benchmarks, run, scorerId: scorer.id }, bench) });
  }
  const order = { mode: request.mode, seed: request.seed, startedMs: Date.now(), metrics: metrics.map(orderedMetric) };
  await writeKeptOrder(benchmarks, run, { ...order, finishedMs: null });
  const skipped = new SkipCounter();
  for (const { reason, count } of reading.skipped) skipped.add(reason, count);
  const open = createTripletOpener(reading.triplets, { folder: dataset, mode: request.mode });
  const tasks = await findTasks(reading.triplets, open, skipped);
  const unusable = await scoreTasks(engine, { metrics, open, watch }, tasks);
  for (const reason of unusable.values()) skipped.add(reason);
  await writeKeptOrder(benchmarks, run, { ...order, finishedMs: Date.now() });
  return {
    name: run,
    judged: tasks.flatMap((task) => judgedOf(metrics, task) ?? []),
    skipped: skipped.list(),
    recipes: new Map(metrics.map(({ bench, book }) => [bench.name, book.recipe()])),
    manifest: benchmarks.path(run, "manifest"),
  };
}

const orderedMetric = ({ bench, scorer }: OpenMetric): KeptMetric => ({ name: bench.name, scorerId: scorer.id, options: bench.options });

/** What tells one set of triplets from another. */
export type TripletSet = Pick<BenchRequest, "dataset" | "layout" | "reading" | "isWhole">;

/** Keeps the triplets of a set in the library, so that it can be run, and says under which name. Throws library/read-only. */
export async function keepManifest(benchmarks: BenchmarkStore, set: TripletSet): Promise<string> {
  const { dataset, layout, reading, isWhole } = set;
  const { notes, skipped, triplets, partial = null } = reading;
  const run = runName(set);
  await benchmarks.write(run, "manifest", { layout, dataset, notes, skipped, partial, isWhole, triplets });
  return run;
}

/** The same triplets of the same folder are the same run. */
export function runName({ dataset, layout, reading }: Omit<TripletSet, "isWhole">): string {
  const hash = createHash("sha256").update(canonicalJson({ dataset, triplets: reading.triplets }));
  return `${layout}-${hash.digest("hex").slice(0, 16)}`;
}

async function findTasks(triplets: readonly Triplet[], open: TripletOpener, skipped: SkipCounter): Promise<readonly Task[]> {
  const tasks: Task[] = [];
  for (const [index, triplet] of triplets.entries()) {
    const fingerprint = await fingerprintOf(open(triplet));
    if (fingerprint === null) skipped.add("a triplet of which a picture is not there");
    else tasks.push({ index, triplet, fingerprint });
  }
  return tasks;
}

interface Scoring {
  readonly open: TripletOpener;
  readonly metrics: readonly OpenMetric[];
  readonly watch: BenchWatch;
}

/** Scores what the books lack. Answers the triplets that could not be scored, with the reason. */
async function scoreTasks(
  engine: BenchEngine,
  { metrics, open, watch }: Scoring,
  tasks: readonly Task[],
): Promise<ReadonlyMap<Task, string>> {
  const pending = tasks.filter((task) => judgedOf(metrics, task) === null);
  const unusable = new Map<Task, string>();
  try {
    for (const [done, task] of pending.entries()) {
      await watch.onProgress({ done, total: pending.length });
      const lacking = metrics.filter(({ book }) => book.get(task.index, task.fingerprint) === null);
      const scorers = lacking.map(({ scorer }) => scorer);
      const scored = await scoreTriplet(engine, { scorers, signal: watch.signal }, open(task.triplet)).catch((error: unknown) =>
        pictureFault(error),
      );
      if (typeof scored === "string") unusable.set(task, scored);
      else
        for (const [place, { book }] of lacking.entries())
          await book.put(task.index, task.fingerprint, defined(scored[place], "one score a metric"));
    }
    await watch.onProgress({ done: pending.length, total: pending.length });
  } finally {
    for (const { book } of metrics) await book.keep();
  }
  return unusable;
}

/** The scores of all metrics; null while one of them has none. */
function judgedOf(metrics: readonly OpenMetric[], { index, triplet, fingerprint }: Task): JudgedTriplet | null {
  const scores = new Map<MetricName, PairOfScores>();
  for (const { bench, book } of metrics) {
    const known = book.get(index, fingerprint);
    if (known === null) return null;
    scores.set(bench.name, known);
  }
  return { triplet, scores };
}

/** Why a picture could not be used; a fault that is not the picture's is thrown on. */
function pictureFault(error: unknown): string {
  switch (toAppError(error).code) {
    case "image/unreadable":
      return "a triplet of which a picture cannot be read";
    case "image/undecodable":
      return "a triplet of which a picture is damaged";
    case "image/unsupported":
      return "a triplet of which a picture has a format that is not read";
    case "image/too-large":
      return "a triplet of which a picture is too large";
    default:
      throw error;
  }
}
