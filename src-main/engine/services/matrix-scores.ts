/** @file The two ways to the scores of all pairs: each picture measured once, or each pair compared from its pixels. */
import { appError, toAppError, type AppErrorShape } from "#shared/domain/app-error";
import type { FeatureRecipe } from "#shared/domain/feature-recipe";
import { defined } from "#shared/lib/assert";
import { decodeImage } from "../../data/imaging/decode";
import type { CompareOptions } from "../../ml/metrics/metric";
import type { RawImage } from "../../platform/raw-image";
import type { ExtractorKey, InferenceService } from "../inference/inference-service";
import { createFeatureShelf, type FeatureShelf } from "./feature-shelf";
import { pairsOf, scoreAllPairs } from "./pair-scores";
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

async function scoreShelf({ inference, key, watch }: MatrixRun, shelf: FeatureShelf): Promise<number[][]> {
  const steps = scoreAllPairs(shelf, async (query, targets) => {
    watch.signal.throwIfAborted();
    const pairs = await inference.score(
      key,
      query.features,
      targets.map(({ features }) => features),
      "score",
    );
    return pairs.map(({ score }) => score);
  });
  let step = await steps.next();
  for (; step.done !== true; step = await steps.next()) watch.onProgress(step.value, pairsOf(shelf.count), "pairs");
  return step.value;
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
  assertPair(paths.length, skipped[0]?.reason);
  return { paths, skipped };
}

/** Throws usage/invalid where fewer than two pictures are left to be compared; `reason` says why the first is not among them. */
export function assertPair(count: number, reason: string | undefined): void {
  if (count >= 2) return;
  const fate = reason === undefined ? "was found" : "could be read";
  throw appError("usage/invalid", `A matrix needs two pictures, and ${count === 0 ? "none" : "only one"} ${fate}.`, {
    hint: reason ?? "Give two pictures or a folder of pictures.",
  });
}

/** The picture, or what is wrong with its file. Never rejects. */
async function decoded(path: string, { mode = "corrected" }: CompareOptions): Promise<RawImage | AppErrorShape> {
  return decodeImage(path, { mode }).catch((error: unknown) => toAppError(error).toShape());
}
