/**
 * @file The second stage of a search over kept features at the size of Stable Diffusion's first up block (8 heads, 256 tokens, 160 channels): 200 candidates
 * read from disk and scored, in both forms, with the files in the system's cache and not, against scoring one after the other. With `--rows N`, N varied
 * pictures are measured by the starter's subject metric, and its two stages are compared with scoring the whole library.
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
import { createLanes } from "#main/engine/jobs/lanes";
import { createExactRanking, type Scored } from "#main/engine/services/exact-ranking";
import { packFeatures, toStoredPrecision, unpackFeatures } from "#main/engine/services/feature-blobs";
import type { FeatureOptions } from "#main/engine/services/feature-source";
import type { MeasureRecipe } from "#main/engine/services/measure-recipes";
import type { ImageFeatures } from "#main/ml/metrics/metric";
import { defaultThreads } from "#main/ml/runtime/inference-session";
import { createAlignedAttention, type AlignedAttention } from "#main/ml/scoring/aligned-attention";
import { randomNumbers } from "../support/random-numbers";
import { median, type BenchModule, type BenchRow } from "./bench";
import { twoStagesBench } from "./two-stages";

const [heads, tokens, headDim, candidates] = [8, 256, 160, 200];
const targetMs = 1000;
const rounds = 5;
/** Different features; the others are their copies under another name, which are read and scored all the same. */
const different = 16;

/** Two stages of a search in numbers; whole-library figures only with `--rows`. */
export const rerankBench: BenchModule = async ({ rows }) => [...(await rerankRows()), ...(rows === null ? [] : await twoStagesBench(rows))];

interface Bench {
  readonly folder: string;
  readonly aligned: AlignedAttention;
  readonly query: ImageFeatures;
  readonly ids: readonly AssetId[];
}

async function rerankRows(): Promise<readonly BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), "semblance-rerank-"));
  const aligned = await createAlignedAttention({ heads, headDim, device: "cpu", threads: defaultThreads() });
  const ids = Array.from({ length: candidates }, (_, index) => (index + 1).toString(16).padStart(32, "0") as AssetId);
  const bench: Bench = { folder, aligned, query: features(0), ids };
  try {
    for (const form of ["float16", "int8"] as const) await writeAll(bench, form);
    const loop = await loopMilliseconds(bench);
    const measured: BenchRow[] = [row("one after the other, float16, warm", median(loop), null)];
    for (const form of ["float16", "int8"] as const) {
      for (const isWarm of [true, false]) {
        const milliseconds: number[] = [];
        for (let round = 0; round < rounds; round += 1) milliseconds.push(await rerank(bench, form, isWarm));
        measured.push(row(`${form}, files ${isWarm ? "warm" : "cold"}`, median(milliseconds), median(loop)));
      }
    }
    return measured;
  } finally {
    await aligned.dispose();
    await rm(folder, { recursive: true, force: true });
  }
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
async function loopMilliseconds({ folder, aligned, query, ids }: Bench): Promise<readonly number[]> {
  const milliseconds: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now();
    for (const id of ids) {
      const blob = decodeFeatureFile(await readFile(join(folder, recipeOf("float16"), id.slice(0, 2), `${id}.features`)));
      await scoreOf(aligned, query, [kept(blob)]);
    }
    milliseconds.push(performance.now() - started);
  }
  return milliseconds;
}

function kept(blob: ReturnType<typeof decodeFeatureFile>): ImageFeatures {
  const found = blob === null ? null : unpackFeatures(blob);
  if (found === null) throw new Error("A feature file of this run is damaged");
  return found;
}

async function scoreOf(aligned: AlignedAttention, query: ImageFeatures, targets: readonly ImageFeatures[]) {
  const attentionOf = ({ attention }: ImageFeatures) => {
    if (attention === null) throw new Error("Features of this run have tokens");
    return attention;
  };
  return aligned.score(attentionOf(query), targets.map(attentionOf));
}

/** Milliseconds of the second stage as the product runs it; the first run of a session is not counted. */
async function rerank(bench: Bench, form: FeatureForm, isWarm: boolean): Promise<number> {
  const { aligned, query, ids } = bench;
  const cache = cacheOf(bench);
  const id = recipeOf(form);
  const read = async (_recipe: MeasureRecipe, assetId: AssetId, { allocate }: FeatureOptions = {}) =>
    kept(await cache.read(id, assetId, allocate));
  const rank = createExactRanking({
    features: { of: read, exact: read },
    lanes: createLanes(),
    inference: {
      score: async (_key, from, targets) =>
        (await scoreOf(aligned, from, targets)).map(({ ab, ba }) => ({ score: (ab + ba) / 2, directions: { ab, ba }, a: null, b: null })),
    },
  });
  const recipe = { id, key: { metric: "rerank", modelPath: null } } as MeasureRecipe;
  const question = { query: { exact: false, combine: "mean" as const }, recipe, references: [query], weights: [1] };
  const coarse = ids.map((assetId): Scored => ({ assetId, score: 0 }));
  await rank(question, coarse.slice(0, 2));
  if (!isWarm) dropFromSystemCache(bench, form);
  const started = performance.now();
  const { scored } = await rank(question, coarse);
  if (scored.length !== candidates) throw new Error("Candidates were lost");
  return performance.now() - started;
}

/** Linux gives the pages of a file back when told that they are not needed; elsewhere "cold" is warm. */
function dropFromSystemCache({ folder, ids }: Bench, form: FeatureForm): void {
  for (const id of ids) {
    const file = join(folder, recipeOf(form), id.slice(0, 2), `${id}.features`);
    spawnSync("dd", [`if=${file}`, "iflag=nocache", "count=0", "status=none"]);
  }
}
