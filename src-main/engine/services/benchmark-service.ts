/** @file How often metrics choose as people do, for a screen: sets, runs as jobs, what they found, triplet by triplet, and the person's own judgements. */
import { resolve } from "node:path";
import { appError } from "#shared/domain/app-error";
import type {
  BenchmarkLayout,
  BenchmarkLook,
  BenchmarkResult,
  BenchmarkSet,
  DealtTriplet,
  OwnJudgement,
  TripletSide,
} from "#shared/domain/benchmark";
import type { MetricName } from "#shared/domain/feature-recipe";
import type { Job, JobId } from "#shared/domain/job";
import { layoutIds } from "../../data/datasets/layouts";
import { formatTriplets } from "../../data/datasets/triplet-file";
import type { Store } from "../../data/store/store-types";
import { chosenSettings, judge } from "../bench/bench";
import { decisionTable } from "../bench/decision-table";
import { readKeptScores, readOrder } from "../bench/kept-run";
import { dealTriplet, readJudgements, writeJudgements } from "../bench/own-judgements";
import { type CountedRun, countRun, resultOf } from "../bench/run-result";
import type { BenchEngine } from "../bench/triplet-scorer";
import type { JobContext, JobRunner } from "../jobs/job-runner";
import { ensembleName } from "../metric-names";
import { addSet, benchmarkLayouts, knownSet, type KnownSet, knownSets, lookAtSet, usualSeed } from "./benchmark-sets";
import { tripletPage, type TripletPage, type TripletQuery } from "./benchmark-triplets";
import type { MeasureRecipes } from "./measure-recipes";
import type { PictureSource } from "./picture-source";

export interface BenchmarkService {
  list(): Promise<readonly BenchmarkSet[]>;
  readonly layouts: readonly BenchmarkLayout[];
  /** What a folder holds; a null layout is guessed. */
  look(path: string, layout: string | null): Promise<BenchmarkLook>;
  /** Throws dataset/malformed, usage/invalid, library/read-only. */
  add(path: string, layout: string): Promise<BenchmarkSet>;
  /** Forgets a set and its scores; its folder stays as it is. */
  remove(setId: string): Promise<void>;
  /** Judges a set with metrics whose models are known; null takes those that measure the library. What was scored before is not scored again. */
  run(setId: string, metrics: readonly MetricName[] | null): Promise<Job>;
  /** What the last run found, or has found so far; null where there was none. */
  result(setId: string): Promise<BenchmarkResult | null>;
  triplets(setId: string, query: TripletQuery): Promise<TripletPage>;
  /** The triplets with all decisions as CSV; `bench --triplets` and `tune` read it. */
  table(setId: string): Promise<string>;
  /** The file of a picture of a triplet. Throws usage/invalid, asset/not-found. */
  picturePath(picture: TripletPicture): Promise<string>;
  /** The next triplet to judge; null where the library holds too few measured pictures. */
  deal(): Promise<DealtTriplet | null>;
  /** Remembers a judgement or a skip. Throws library/read-only. */
  say(judgement: OwnJudgement): Promise<void>;
  /** Takes the last judgement back. */
  unsay(): Promise<void>;
}

export interface TripletPicture {
  readonly setId: string;
  readonly index: number;
  readonly side: TripletSide | "reference";
}

export interface BenchmarkParts extends BenchEngine {
  readonly jobs: JobRunner;
  readonly recipes: MeasureRecipes;
  readonly pictures: PictureSource;
  /** Name of the device that runs the models. */
  readonly deviceName: () => Promise<string>;
}

/** Creates the service over one library. */
export function createBenchmarkService(parts: BenchmarkParts): BenchmarkService {
  const { store, jobs, recipes } = parts;
  /** The newest run of each set. */
  const started = new Map<string, JobId>();
  /** An id is a hash of the triplets, so what was read once stays true. */
  const opened = new Map<string, KnownSet>();

  function jobOf(setId: string): Job | null {
    const id = started.get(setId);
    const job = id === undefined ? null : jobs.get(id);
    return job === null || job.state === "done" || job.state === "failed" || job.state === "cancelled" ? null : job;
  }

  async function describe(set: KnownSet): Promise<BenchmarkSet> {
    const { id, kind, title, manifest } = set;
    const counted = await readCounted(store, set);
    return {
      id,
      kind,
      title,
      folder: kind === "own" || kind === "verdicts" ? null : manifest.dataset,
      layout: manifest.layout,
      triplets: manifest.triplets.length,
      partial: manifest.partial,
      notes: [...manifest.notes],
      skipped: [...manifest.skipped],
      jobId: jobOf(id)?.id ?? null,
      latest: counted === null ? null : latestOf(counted),
    };
  }

  async function openedSet(id: string): Promise<KnownSet> {
    const set = opened.get(id) ?? (await knownSet(parts, id));
    opened.set(id, set);
    return set;
  }

  async function run(setId: string, names: readonly MetricName[] | null): Promise<Job> {
    if (store.isReadOnly)
      throw appError("library/read-only", "The library is open read-only, so the scores of a run could not be kept.", {
        hint: "Close the other Semblance that uses it.",
      });
    const set = await knownSet(parts, setId);
    const going = jobOf(setId);
    if (going !== null) return going;
    if (set.manifest.triplets.length === 0)
      throw appError("usage/invalid", "There are no judgements to run on yet.", { hint: "Judge some triplets first." });
    const metrics = names ?? (await recipes.active()).map(({ key }) => key.metric);
    const device = await parts.deviceName();
    const job = jobs.start({ kind: "benchmark", title: set.title, device }, (context) => judgeSet(parts, { set, metrics }, context));
    started.set(setId, job.id);
    return job;
  }

  return {
    async list() {
      const described: BenchmarkSet[] = [];
      for (const set of await knownSets(parts)) described.push(await describe(set));
      return described;
    },
    layouts: benchmarkLayouts,
    look: lookAtSet,
    add: async (path, layout) => describe(await knownSet(parts, await addSet(store, path, layout))),
    async remove(setId) {
      const { id } = await knownSet(parts, setId);
      const going = jobOf(id);
      if (going !== null) await jobs.finished(jobs.cancel(going.id).id);
      opened.delete(id);
      await store.benchmarks.remove(id);
    },
    run,
    async result(setId) {
      const set = await knownSet(parts, setId);
      const counted = await readCounted(store, set);
      return counted === null ? null : { set: await describe(set), ...resultOf(counted) };
    },
    async triplets(setId, query) {
      const counted = await readCounted(store, await knownSet(parts, setId));
      return counted === null ? { total: 0, items: [] } : tripletPage(store, counted, query);
    },
    async table(setId) {
      const set = await knownSet(parts, setId);
      const counted = await readCounted(store, set);
      return counted === null ? formatTriplets(set.manifest.triplets) : decisionTable(counted.request);
    },
    async picturePath({ setId, index, side }) {
      const { manifest } = await openedSet(setId);
      const triplet = manifest.triplets[index];
      if (triplet === undefined) throw appError("asset/not-found", "This set has no such triplet.");
      return resolve(manifest.dataset, triplet[side]);
    },
    async deal() {
      const tables = (await recipes.active()).flatMap(({ id }) => store.findEmbeddings(id) ?? []);
      const dealt = await dealTriplet(tables, (await readJudgements(store)).length);
      if (dealt === null) return null;
      const [reference = null, a = null, b = null] = [dealt.reference, dealt.a, dealt.b].map((id) => store.assets.summary(id));
      if (reference === null || a === null || b === null) return null;
      return { number: dealt.number, group: dealt.group, reference, a, b };
    },
    async say(judgement) {
      const earlier = await readJudgements(store);
      // An answer that comes twice counts once.
      if (judgement.number !== earlier.length) return;
      await writeJudgements(store, [...earlier, judgement]);
    },
    unsay: async () => writeJudgements(store, (await readJudgements(store)).slice(0, -1)),
  };
}

/** The last order of a set with its scores so far; null where nothing was ordered. */
async function readCounted(store: Store, { id, manifest }: KnownSet): Promise<CountedRun | null> {
  const order = await readOrder(store.benchmarks, id);
  if (order === null) return null;
  const scores = await readKeptScores(store.benchmarks, { run: id, triplets: manifest.triplets, order });
  return countRun(id, { manifest, order, scores });
}

function latestOf(run: CountedRun): BenchmarkSet["latest"] {
  const { metrics, judged, finishedMs } = resultOf(run);
  const best = metrics.find(({ metric }) => metric === ensembleName) ?? [...metrics].sort((one, other) => other.accuracy - one.accuracy)[0];
  return best === undefined || judged === 0 ? null : { metric: best.metric, accuracy: best.accuracy, judged, finishedMs };
}

interface Judging {
  readonly set: KnownSet;
  readonly metrics: readonly MetricName[];
}

/** The body of the job: published settings for published sets, those of the library where its pictures and features are. */
async function judgeSet(parts: BenchmarkParts, { set, metrics }: Judging, context: JobContext): Promise<void> {
  const { kind, manifest } = set;
  const layout = layoutIds.find((id) => id === manifest.layout) ?? null;
  const isPublic = kind === "layout" || kind === "triplets";
  if (!isPublic) await dropEarlier(parts.store, set);
  const { partial, ...reading } = manifest;
  context.setStep("measure");
  let counted = 0;
  const order = {
    dataset: manifest.dataset,
    layout,
    name: manifest.layout,
    reading: partial === null ? reading : { ...reading, partial },
    isWhole: manifest.isWhole,
    mode: "corrected",
    seed: usualSeed,
    settings: isPublic ? chosenSettings(layout, {}) : {},
    choices: { names: metrics, checkpoints: [], companions: {} },
  } as const;
  await judge(parts, order, {
    signal: context.signal,
    onProgress: async ({ done, total }) => {
      if (counted === 0 && done === 0) context.progress.setTotal(total);
      context.progress.advance(done - counted);
      counted = done;
      await context.checkpoint();
    },
  });
}

/** Judgements that were added since make another set of triplets; the run before it is of no more use. */
async function dropEarlier({ benchmarks }: Store, { id, manifest }: KnownSet): Promise<void> {
  for (const run of await benchmarks.runs()) if (run.startsWith(`${manifest.layout}-`) && run !== id) await benchmarks.remove(run);
}
