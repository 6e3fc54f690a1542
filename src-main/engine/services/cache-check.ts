/** @file Whether features in eight bits rank a library as those at half precision do, measured on its own pictures. */
import { appError } from "#shared/domain/app-error";
import type { AssetId } from "#shared/domain/asset";
import type { FormCheck } from "#shared/domain/feature-cache";
import { defined } from "#shared/lib/assert";
import type { Store } from "../../data/store/store-types";
import type { ImageFeatures } from "../../ml/metrics/metric";
import { recallOf } from "../../ml/retrieval/recall";
import { kendallTau } from "../../ml/scoring/rank-agreement";
import type { InferenceService } from "../inference/inference-service";
import type { Lanes } from "../jobs/lanes";
import { featureBytes, precisionOf, toStoredPrecision, unpackFeatures } from "./feature-blobs";
import type { MeasureRecipe } from "./measure-recipes";

/** What a check looks at. Large features of fewer pictures: a pair of them takes milliseconds. */
const sample = { queries: 20, pictures: 300, picturesOfLargeFeatures: 150, largeBytes: 2 ** 20, least: 40, seed: 7 } as const;
/** Pictures whose features are in memory together, besides the queries. */
const block = 16;
/** Ranks are compared among this many best of each query, and found again among this many. */
const compared = { ranks: 150, top: 20 } as const;
const wanted = { tau: 0.98, recall: 0.95, identity: 1e-4 } as const;

export interface CheckParts {
  readonly store: Store;
  readonly inference: Pick<InferenceService, "score">;
  readonly lanes: Lanes;
}

export interface CheckOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Scores of every query with every picture in both forms, row by row. */
interface Scores {
  readonly exact: number[][];
  readonly rounded: number[][];
}

/**
 * Ranks a sample of the library by kept features, once as they are and once in eight bits.
 * @throws usage/invalid for a metric that does not rank by tokens, library/not-indexed when too few pictures have features at half precision
 */
export async function checkForms(parts: CheckParts, recipe: MeasureRecipe, options: CheckOptions = {}): Promise<FormCheck> {
  if (!recipe.ranksByTokens) {
    throw appError("usage/invalid", `${recipe.key.metric} ranks by one vector a picture, so the form of its tokens changes no order.`, {
      hint: "Check a metric that ranks by tokens, for example starter-subject.",
    });
  }
  const ids = await sampleIds(parts, recipe);
  const queries: Forms[] = [];
  for (const id of ids.slice(0, sample.queries)) queries.push(await bothForms(parts.store, recipe, id));
  const bytesPerPicture = featureBytes(defined(queries[0], "a sample has a first picture").exact);
  const scores: Scores = { exact: queries.map(() => []), rounded: queries.map(() => []) };
  for (let from = 0; from < ids.length; from += block) {
    options.signal?.throwIfAborted();
    const targets: Forms[] = [];
    for (const id of ids.slice(from, from + block)) targets.push(await bothForms(parts.store, recipe, id));
    await scoreBlock(parts, recipe, { queries, targets, scores });
    options.onProgress?.(Math.min(ids.length, from + block), ids.length);
  }
  return { ...judged(scores), pictures: ids.length, bytesPerPicture, checkedMs: Date.now() };
}

interface Forms {
  readonly exact: ImageFeatures;
  readonly rounded: ImageFeatures;
}

/** Kept features at half precision or better; null where there are none. Not counted as a use of the cache. */
export async function halfFeatures(store: Store, { id }: MeasureRecipe, assetId: AssetId): Promise<ImageFeatures | null> {
  const blob = await store.features.read(id, assetId);
  const kept = blob === null ? null : unpackFeatures(blob);
  return kept === null || kept.attention === null || precisionOf(kept) === "int8" ? null : kept;
}

async function bothForms(store: Store, recipe: MeasureRecipe, assetId: AssetId): Promise<Forms> {
  const exact = await halfFeatures(store, recipe, assetId);
  if (exact !== null) return { exact, rounded: toStoredPrecision(exact, "int8") };
  throw appError("library/not-indexed", `Features of ${recipe.key.metric} were dropped while they were checked.`, {
    hint: "Give them more room with `semblance cache budget GB` and try again.",
  });
}

async function sampleIds({ store }: CheckParts, recipe: MeasureRecipe): Promise<readonly AssetId[]> {
  const drawn = (await store.findEmbeddings(recipe.id)?.sample(2 * sample.pictures, sample.seed)) ?? [];
  const ids: AssetId[] = [];
  let most: number = sample.pictures;
  for (const { assetId } of drawn) {
    if (ids.length >= most) break;
    const kept = await halfFeatures(store, recipe, assetId);
    if (kept === null) continue;
    ids.push(assetId);
    if (featureBytes(kept) > sample.largeBytes) most = sample.picturesOfLargeFeatures;
  }
  if (ids.length >= sample.least) return ids;
  const metric = recipe.key.metric;
  throw appError(
    "library/not-indexed",
    `Of ${metric}, ${ids.length} pictures have features at half precision; a check needs ${sample.least}.`,
    {
      hint: `Measure more with \`semblance index run --metric ${metric}\`; features that were kept as int8 do not count.`,
    },
  );
}

async function scoreBlock(
  { inference, lanes }: CheckParts,
  recipe: MeasureRecipe,
  { queries, targets, scores }: { readonly queries: readonly Forms[]; readonly targets: readonly Forms[]; readonly scores: Scores },
): Promise<void> {
  for (const [row, query] of queries.entries()) {
    for (const form of ["exact", "rounded"] as const) {
      const pairs = await lanes.run("background", () =>
        inference.score(
          recipe.key,
          query[form],
          targets.map((target) => target[form]),
          "score",
        ),
      );
      scores[form][row]?.push(...pairs.map(({ score }) => score));
    }
  }
}

/** The queries are the first pictures, so that the score of each with itself lies on the diagonal; it takes no part in the ranking. */
function judged({ exact, rounded }: Scores): Pick<FormCheck, "queries" | "tau" | "recall" | "identity" | "isAccepted"> {
  const mean = (of: (row: number) => number) => exact.reduce((sum, _, row) => sum + of(row), 0) / exact.length;
  const others = (rows: readonly (readonly number[])[], row: number) => (rows[row] ?? []).filter((_, column) => column !== row);
  const tau = mean((row) => kendallTau(others(exact, row), others(rounded, row), compared.ranks));
  const recall = mean((row) => recallOf(others(exact, row), others(rounded, row), { wanted: compared.top, kept: compared.top }));
  const identity = Math.max(...rounded.map((row, at) => Math.abs(1 - (row[at] ?? 0))));
  const isAccepted = tau >= wanted.tau && recall >= wanted.recall && identity <= wanted.identity;
  return { queries: exact.length, tau, recall, identity, isAccepted };
}
