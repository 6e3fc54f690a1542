/**
 * @file The second stage of a search over kept features at the size of Stable Diffusion's first up block (8 heads, 256 tokens, 160 channels): 200 candidates
 * read from disk and scored, in both forms, by a thread of the models as the app does it and in process as the command line does, with the files in the system's
 * cache and not, against scoring one after the other. With `--rows N`, N varied pictures are measured by the starter's subject metric, and its two stages are
 * compared with scoring the whole library.
 */
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AssetId } from "#shared/domain/asset";
import type { FeatureForm } from "#shared/domain/feature-cache";
import type { RecipeId } from "#shared/domain/feature-recipe";
import { defined } from "#shared/lib/assert";
import { createFeatureCache } from "#main/data/store/feature-cache";
import { decodeFeatureFile } from "#main/data/store/feature-file";
import { createWriter } from "#main/data/store/writer";
import { createInProcessInference } from "#main/engine/inference/in-process-inference";
import type { InferenceOptions, InferenceService } from "#main/engine/inference/inference-service";
import { createWorkerInference } from "#main/engine/inference/worker-inference";
import { createLanes } from "#main/engine/jobs/lanes";
import { createExactRanking, type Scored } from "#main/engine/services/exact-ranking";
import { packFeatures, toStoredPrecision, unpackFeatures } from "#main/engine/services/feature-blobs";
import type { FeatureOptions } from "#main/engine/services/feature-source";
import type { MeasureRecipe } from "#main/engine/services/measure-recipes";
import type { ImageFeatures } from "#main/ml/metrics/metric";
import { goldenCheckpoint } from "../support/goldens";
import { randomNumbers } from "../support/random-numbers";
import { median, type BenchModule, type BenchRow } from "./bench";
import { twoStagesBench } from "./two-stages";

const [heads, tokens, headDim, candidates] = [8, 256, 160, 200];
const targetMs = 1000;
const rounds = 5;
/** Different features; the others are their copies under another name, which are read and scored all the same. */
const different = 16;
/** Scores features of any size; the model, whose own are tiny, is not run. */
const key = { metric: "diffsim-s", modelPath: goldenCheckpoint("sd15-tiny") } as const;

/** Two stages of a search in numbers; whole-library figures only with `--rows`. */
export const rerankBench: BenchModule = async ({ rows }) => [...(await rerankRows()), ...(rows === null ? [] : await twoStagesBench(rows))];

interface Bench {
  readonly folder: string;
  readonly query: ImageFeatures;
  readonly ids: readonly AssetId[];
}

/** One way to the scores of all candidates. */
interface Way {
  readonly name: string;
  readonly form: FeatureForm;
  readonly inference: InferenceService;
  readonly isWarm: boolean;
}

async function rerankRows(): Promise<readonly BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), "semblance-rerank-"));
  const runtime: InferenceOptions = { device: "cpu", threads: null };
  const [here, worker] = [createInProcessInference(runtime), createWorkerInference(runtime)];
  const ids = Array.from({ length: candidates }, (_, index) => (index + 1).toString(16).padStart(32, "0") as AssetId);
  const bench: Bench = { folder, query: features(0), ids };
  const ways = (["float16", "int8"] as const).flatMap((form): readonly Way[] => [
    { name: `${form}, in process`, form, inference: here, isWarm: true },
    { name: `${form}, as in the app`, form, inference: worker, isWarm: true },
    { name: `${form}, as in the app, files cold`, form, inference: worker, isWarm: false },
  ]);
  try {
    for (const form of ["float16", "int8"] as const) await writeAll(bench, form);
    const measured = await inTurn(bench, here, ways);
    const loop = median(measured.loop);
    return [row("float16, one after the other", loop, null), ...ways.map((way) => row(way.name, median(measured.of(way)), loop))];
  } finally {
    await worker.dispose();
    await here.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Milliseconds of all ways in turn, so that what else the machine does strikes all of them; the first round is not counted. */
async function inTurn(bench: Bench, here: InferenceService, ways: readonly Way[]) {
  const loop: number[] = [];
  const milliseconds = new Map<Way, number[]>(ways.map((way) => [way, []]));
  const of = (way: Way): number[] => defined(milliseconds.get(way), "the milliseconds of a way");
  for (let round = 0; round <= rounds; round += 1) {
    const answers = new Map<FeatureForm, string>();
    loop.push(await loopMilliseconds(bench, here));
    for (const way of ways) {
      const { elapsed, scored } = await rerank(bench, way);
      const answer = JSON.stringify(scored);
      if (scored.length !== candidates || (answers.get(way.form) ?? answer) !== answer) throw new Error("The ways differ in their scores");
      answers.set(way.form, answer);
      of(way).push(elapsed);
    }
  }
  for (const times of [loop, ...milliseconds.values()]) times.shift();
  return { loop, of };
}

function row(what: string, milliseconds: number, loop: number | null): BenchRow {
  const name = `rerank: ${candidates} candidates of ${heads} x ${tokens} x ${headDim}, ${what}`;
  return {
    name,
    value: milliseconds,
    unit: "ms",
    target: loop === null ? null : targetMs,
    atMost: true,
    ratio: loop === null ? null : milliseconds / loop,
  };
}

function features(seed: number): ImageFeatures {
  const part = (i: number) => randomNumbers(heads * tokens * headDim, 7 * seed + i);
  const arrays = { query: part(1), key: part(2), value: part(3), output: part(4) };
  const grid = { rows: 16, columns: 16, prefix: 0 };
  return toStoredPrecision({ pooled: Float32Array.of(1), attention: { heads, tokens, headDim, grid, ...arrays } });
}

const recipeOf = (form: FeatureForm) => (form === "float16" ? "0".repeat(16) : "1".repeat(16)) as RecipeId;

function cacheOf({ folder }: Bench) {
  return createFeatureCache({ folder, writer: createWriter({ libraryPath: folder, isReadOnly: false }) });
}

async function writeAll(bench: Bench, form: FeatureForm): Promise<void> {
  const cache = cacheOf(bench);
  const blobs = Array.from({ length: different }, (_, index) => packFeatures(toStoredPrecision(features(index + 1), form)));
  for (const [index, id] of bench.ids.entries()) await cache.write(recipeOf(form), id, defined(blobs[index % different], "a blob"));
}

/** The straightforward way: read a file, score it, read the next. */
async function loopMilliseconds({ folder, query, ids }: Bench, inference: InferenceService): Promise<number> {
  const started = performance.now();
  for (const id of ids) {
    const blob = decodeFeatureFile(await readFile(join(folder, recipeOf("float16"), id.slice(0, 2), `${id}.features`)));
    await inference.score(key, query, [kept(blob)]);
  }
  return performance.now() - started;
}

function kept(blob: ReturnType<typeof decodeFeatureFile>): ImageFeatures {
  const found = blob === null ? null : unpackFeatures(blob);
  if (found === null) throw new Error("A feature file of this run is damaged");
  return found;
}

/** The second stage as the product runs it. */
async function rerank(
  bench: Bench,
  { form, inference, isWarm }: Way,
): Promise<{ readonly elapsed: number; readonly scored: readonly Scored[] }> {
  const cache = cacheOf(bench);
  const id = recipeOf(form);
  const read = async (_recipe: MeasureRecipe, assetId: AssetId, { allocate }: FeatureOptions = {}) =>
    kept(await cache.read(id, assetId, allocate));
  const rank = createExactRanking({ features: { of: read, exact: read }, lanes: createLanes(), inference });
  const recipe = { id, key } as MeasureRecipe;
  const question = { query: { exact: false, combine: "mean" as const }, recipe, references: [bench.query], weights: [1] };
  const coarse = bench.ids.map((assetId): Scored => ({ assetId, score: 0 }));
  if (!isWarm) dropFromSystemCache(bench, form);
  const started = performance.now();
  const { scored } = await rank(question, coarse);
  return { elapsed: performance.now() - started, scored };
}

/** Linux gives the pages of a file back when told that they are not needed; elsewhere "cold" is warm. */
function dropFromSystemCache({ folder, ids }: Bench, form: FeatureForm): void {
  const files = ids.map((id) => join(folder, recipeOf(form), id.slice(0, 2), `${id}.features`));
  spawnSync("sh", ["-c", 'for file; do dd if="$file" iflag=nocache count=0 status=none; done', "sh", ...files]);
}
