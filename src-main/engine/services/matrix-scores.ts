/** @file The two ways to the scores of all pairs: each picture measured once, or each pair compared from its pixels. */
import { appError, toAppError, type AppErrorShape } from "#shared/domain/app-error";
import type { FeatureRecipe } from "#shared/domain/feature-recipe";
import { defined } from "#shared/lib/assert";
import { decodeImage } from "../../data/imaging/decode";
import type { CompareOptions, ImageFeatures } from "../../ml/metrics/metric";
import type { RawImage } from "../../platform/raw-image";
import type { ExtractorKey, InferenceService } from "../inference/inference-service";
import { createFeatureShelf, type FeatureShelf } from "./feature-shelf";
import { prefetch } from "./prefetch";

export interface MatrixWatch {
  readonly signal: AbortSignal;
  /** `what` is counted: pictures first, then pairs. */
  readonly onProgress: (done: number, total: number, what: "pictures" | "pairs") => void;
}

export interface MatrixRun {
  readonly inference: InferenceService;
  readonly watch: MatrixWatch;
  readonly key: ExtractorKey & { readonly options: CompareOptions };
}

/** Scores of the pictures that could be read, `scores[i][j]` for picture i with picture j. */
export interface ScoredPictures {
  readonly paths: readonly string[];
  readonly scores: readonly (readonly number[])[];
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
  readonly recipe: FeatureRecipe;
}

/** Pairs scored in one go; the answer of each holds its maps. */
const pairsAtOnce = 64;
/** Pictures decoded while another is measured. */
const decodedAhead = 2;

/** One pass a picture, then one score a pair: it is the same both ways round. */
export async function scoreByFeatures(run: MatrixRun, listed: readonly string[], memoryBytes: number): Promise<ScoredPictures> {
  const { inference, key } = run;
  const recipe = await inference.openExtractor(key);
  const shelf = createFeatureShelf(memoryBytes);
  try {
    const readable = await readPictures(run, listed, async (image) => {
      const [features] = await inference.extract([key], image);
      await shelf.add(defined(features, "an extractor answers with features"));
    });
    return { ...readable, recipe, scores: await scoreShelf(run, shelf) };
  } finally {
    await shelf.dispose();
  }
}

/** Block by block, so that features on the disk are read as seldom as memory allows. */
async function scoreShelf(run: MatrixRun, shelf: FeatureShelf): Promise<number[][]> {
  const scores = Array.from({ length: shelf.count }, () => Array<number>(shelf.count).fill(0));
  const blocks = shelf.blocks();
  const total = (shelf.count * (shelf.count + 1)) / 2;
  let done = 0;
  const onScored = (pairs: number): void => run.watch.onProgress((done += pairs), total, "pairs");
  for (const [i, block] of blocks.entries()) {
    const queries = await load(shelf, block);
    for (const later of blocks.slice(i)) {
      const targets = later === block ? queries : await load(shelf, later);
      for (const query of queries)
        await scoreRow(run, scores, { query, targets: targets.filter(({ index }) => index >= query.index), onScored });
    }
  }
  return scores;
}

/** A picture on the shelf. */
interface Shelved {
  readonly index: number;
  readonly features: ImageFeatures;
}

async function load(shelf: FeatureShelf, [start, end]: readonly [number, number]): Promise<readonly Shelved[]> {
  const loaded: Shelved[] = [];
  for (let index = start; index < end; index++) loaded.push({ index, features: await shelf.get(index) });
  return loaded;
}

async function scoreRow(
  { inference, key, watch }: MatrixRun,
  scores: number[][],
  {
    query,
    targets,
    onScored,
  }: { readonly query: Shelved; readonly targets: readonly Shelved[]; readonly onScored: (pairs: number) => void },
): Promise<void> {
  for (let start = 0; start < targets.length; start += pairsAtOnce) {
    watch.signal.throwIfAborted();
    const chunk = targets.slice(start, start + pairsAtOnce);
    const features = chunk.map((target) => target.features);
    const answers = await inference.score(key, query.features, features);
    for (const [i, { index }] of chunk.entries()) setBoth(scores, [query.index, index], defined(answers[i], "a score a target").score);
    onScored(chunk.length);
  }
}

function setBoth(scores: number[][], [i, j]: readonly [number, number], score: number): void {
  defined(scores[i], "a row a picture")[j] = score;
  defined(scores[j], "a row a picture")[i] = score;
}

/** Every pair from its pixels, both ways round. */
export async function scoreByPairs(run: MatrixRun, listed: readonly string[]): Promise<ScoredPictures> {
  const { inference, key, watch } = run;
  const { paths, skipped } = await readPictures(run, listed, () => Promise.resolve());
  const mode = key.options.mode ?? "corrected";
  const scores: number[][] = [];
  let recipe: FeatureRecipe | null = null;
  for (const [i, pathOfA] of paths.entries()) {
    const a = await decodeImage(pathOfA, { mode });
    const row: number[] = [];
    for (const pathOfB of paths) {
      watch.signal.throwIfAborted();
      const compared = await inference.comparePair({ ...key, a, b: await decodeImage(pathOfB, { mode }) });
      row.push(compared.score);
      recipe = compared.recipe;
      watch.onProgress(i * paths.length + row.length, paths.length ** 2, "pairs");
    }
    scores.push(row);
  }
  return { paths, skipped, scores, recipe: defined(recipe, "two pictures were compared") };
}

/** Decodes every picture once and hands it on; those that cannot be decoded are listed. Throws usage/invalid when fewer than two are left. */
async function readPictures(
  { key, watch }: MatrixRun,
  listed: readonly string[],
  use: (image: RawImage) => Promise<void>,
): Promise<Pick<ScoredPictures, "paths" | "skipped">> {
  const paths: string[] = [];
  const skipped: ScoredPictures["skipped"][number][] = [];
  for await (const { item: path, prepared } of prefetch(listed, decodedAhead, (item) => decoded(item, key.options))) {
    watch.signal.throwIfAborted();
    if ("message" in prepared) skipped.push({ path, reason: prepared.message });
    else {
      await use(prepared);
      paths.push(path);
    }
    watch.onProgress(paths.length + skipped.length, listed.length, "pictures");
  }
  if (paths.length >= 2) return { paths, skipped };
  const fate = skipped.length === 0 ? "was found" : "could be read";
  throw appError("usage/invalid", `A matrix needs two pictures, and ${paths.length === 0 ? "none" : "only one"} ${fate}.`, {
    hint: skipped[0]?.reason ?? "Give two pictures or a folder of pictures.",
  });
}

/** The picture, or what is wrong with its file. Never rejects. */
async function decoded(path: string, { mode = "corrected" }: CompareOptions): Promise<RawImage | AppErrorShape> {
  return decodeImage(path, { mode }).catch((error: unknown) => toAppError(error).toShape());
}
