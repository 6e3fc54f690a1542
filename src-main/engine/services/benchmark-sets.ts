/** @file The sets of judgements a library knows: published ones that were added, those of the sample library's labels, and the person's own. */
import { stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { appError, toAppError } from "#shared/domain/app-error";
import { benchmarkIdSchema, type BenchmarkKind, type BenchmarkLayout, type BenchmarkLook } from "#shared/domain/benchmark";
import { type LayoutId, layoutIds, layouts } from "../../data/datasets/layouts";
import { type DatasetReading, SkipCounter, type Triplet } from "../../data/datasets/triplet";
import type { Store } from "../../data/store/store-types";
import { keepManifest, runName } from "../bench/bench-run";
import { type KeptManifest, readManifest } from "../bench/kept-run";
import { readOwnSet } from "../bench/own-judgements";
import { readSampleSet, sampleSetIds } from "../bench/sample-sets";
import { samplePath } from "./library-service";
import { type TripletParts, verdictTriplets } from "./verdict-triplets";

/** Decides the triplets of layouts that draw them; the seed of the published scripts. */
export const usualSeed = 2334;
/** Sets that are made anew each time, by the beginning of their names. */
const madeLayouts: readonly string[] = ["own", "verdicts", ...sampleSetIds];
/** Many accepted and many rejected pictures make millions. */
const mostVerdictTriplets = 1000;

const sampleTitles = { "sample-style": "Sample library, style", "sample-subject": "Sample library, subject" } as const;
/** Those that fail fast first; folders of pictures pass for styles, so styles come last. */
const guessedLayouts: readonly LayoutId[] = ["nights", "dreambench-plus", "tid2013", "ip", "cute", "sref"];

export type SetParts = { readonly store: Store } & TripletParts;

/** A set with its triplets; `id` is the name of its run. */
export interface KnownSet {
  readonly id: string;
  readonly kind: BenchmarkKind;
  readonly title: string;
  readonly manifest: KeptManifest;
}

/** All sets: those from folders by their title, then labels, then one's own. */
export async function knownSets(parts: SetParts): Promise<readonly KnownSet[]> {
  const { store } = parts;
  const added: KnownSet[] = [];
  for (const run of await store.benchmarks.runs()) {
    const manifest = await addedManifest(store, run);
    if (manifest !== null) added.push(addedSet(run, manifest));
  }
  added.sort((one, other) => (one.title < other.title ? -1 : 1));
  const made = await madeSets(parts);
  return [...added, ...made];
}

/** Throws usage/invalid for a set that is not there. */
export async function knownSet(parts: SetParts, id: string): Promise<KnownSet> {
  const manifest = await addedManifest(parts.store, id);
  if (manifest !== null) return addedSet(id, manifest);
  const made = (await madeSets(parts)).find((set) => set.id === id);
  if (made !== undefined) return made;
  throw appError("usage/invalid", "This set is not in the library any more.", { hint: "Add its folder again." });
}

/** A run that was added or made by the command line; the sets that are made anew each time are not read from their runs. */
async function addedManifest(store: Store, run: string): Promise<KeptManifest | null> {
  const manifest = benchmarkIdSchema.safeParse(run).success ? await readManifest(store.benchmarks, run) : null;
  return manifest === null || madeLayouts.includes(manifest.layout) ? null : manifest;
}

function addedSet(id: string, manifest: KeptManifest): KnownSet {
  const layout = layoutIds.find((known) => known === manifest.layout);
  const title = layout === undefined ? basename(manifest.dataset) : layouts[layout].title;
  return { id, kind: layout === undefined ? "triplets" : "layout", title, manifest };
}

async function madeSets({ store, pictures }: SetParts): Promise<readonly KnownSet[]> {
  const made: KnownSet[] = [];
  const dataset = samplePath();
  for (const layout of sampleSetIds) {
    const reading = await readSampleSet(dataset, layout).catch(() => null);
    if (reading !== null) made.push(madeSet(reading, { kind: "labels", title: sampleTitles[layout], layout, dataset }));
  }
  const ofLibrary = { dataset: store.libraryPath } as const;
  const verdicts = await readVerdictSet({ store, pictures });
  const own = madeSet(await readOwnSet(store), { kind: "own", title: "My judgements", layout: "own", ...ofLibrary });
  return [...made, madeSet(verdicts, { kind: "verdicts", title: "My verdicts", layout: "verdicts", ...ofLibrary }), own];
}

/** What a person accepted and rejected, as triplets. */
async function readVerdictSet(parts: SetParts): Promise<DatasetReading> {
  const { triplets, possible, missing } = await verdictTriplets(parts, { limit: mostVerdictTriplets, seed: usualSeed });
  const skipped = new SkipCounter();
  skipped.add("a picture with a verdict that is not where it was", missing);
  const drawn = `${triplets.length} of ${possible} such triplets are looked at`;
  return {
    triplets,
    skipped: skipped.list(),
    notes: [`Each picture that you accepted counts as more like each reference than each that you rejected; ${drawn}.`],
  };
}

type Made = Pick<KnownSet, "kind" | "title"> & Pick<KeptManifest, "layout" | "dataset">;

function madeSet(reading: DatasetReading, { kind, title, layout, dataset }: Made): KnownSet {
  const { triplets, skipped, notes } = reading;
  const id = runName({ dataset, layout, reading });
  return { id, kind, title, manifest: { layout, dataset, notes, skipped, partial: null, isWhole: true, triplets } };
}

export const benchmarkLayouts: readonly BenchmarkLayout[] = layoutIds.map((id) => ({ id, title: layouts[id].title }));

/** Says what a folder holds under a layout, or under the one that fits where none is named. */
export async function lookAtSet(path: string, asked: string | null): Promise<BenchmarkLook> {
  const nothing = { layout: null, triplets: 0, partial: null, notes: [] };
  let problem = "No layout fits this folder.";
  for (const layout of asked === null ? guessedLayouts : [layoutOf(asked)]) {
    try {
      const reading = await layouts[layout].read(resolve(path), usualSeed);
      const { triplets, partial = null, notes } = reading;
      return {
        layout,
        triplets: triplets.length,
        partial: partial ?? (await missingPictures(path, triplets)),
        notes: [...notes],
        problem: null,
      };
    } catch (error) {
      if (asked !== null) problem = toAppError(error).message;
    }
  }
  return { ...nothing, problem };
}

/** Keeps a folder as a set and answers its id. Throws dataset/malformed, usage/invalid, library/read-only. */
export async function addSet(store: Store, path: string, asked: string): Promise<string> {
  const dataset = resolve(path);
  const layout = layoutOf(asked);
  const read = await layouts[layout].read(dataset, usualSeed);
  const missing = read.partial ?? (await missingPictures(dataset, read.triplets));
  const reading = missing === null ? read : { ...read, partial: missing };
  return keepManifest(store.benchmarks, { dataset, layout, reading, isWhole: missing === null });
}

function layoutOf(asked: string): LayoutId {
  const layout = layoutIds.find((id) => id === asked);
  if (layout !== undefined) return layout;
  throw appError("usage/invalid", `There is no layout ${asked}.`, { hint: `Layouts: ${layoutIds.join(", ")}.` });
}

/** How many pictures of a set are not where its triplets say; null when all are. */
async function missingPictures(folder: string, triplets: readonly Triplet[]): Promise<string | null> {
  const paths = [...new Set(triplets.flatMap(({ reference, a, b }) => [reference, a, b]))];
  let missing = 0;
  for (const path of paths) if ((await stat(resolve(folder, path)).catch(() => null)) === null) missing += 1;
  return missing === 0 ? null : `This copy lacks ${missing} of the ${paths.length} pictures of its triplets.`;
}
