/** @file Yardsticks of a library: scores of random pairs per recipe, on the pooled and on the exact scale, kept until the sample changes. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { AssetId } from "#shared/domain/asset";
import { defined } from "#shared/lib/assert";
import type { EmbeddingTable, Store, StoredVector } from "../../data/store/store-types";
import type { ImageFeatures } from "../../ml/metrics/metric";
import { bytesOf } from "../../ml/scoring/feature-array";
import { writeFileAtomic } from "../../platform/atomic-file";
import type { InferenceService } from "../inference/inference-service";
import type { Lanes } from "../jobs/lanes";
import type { FeatureSource } from "./feature-source";
import type { MeasureRecipe } from "./measure-recipes";
import { createYardstick, maximumPairs, samplePairs, type Yardstick } from "./random-pairs";
import { cosine } from "../../ml/tensor/linear-algebra";

/** Pictures whose tokens are compared with one another: 64 give 2016 pairs, 32 give 496 where the tokens of one picture are large. */
const exactSample = { pictures: 64, picturesOfLargeFeatures: 32, largeBytes: 2 ** 20 } as const;
/** Vectors to draw pairs from. */
const pooledSample = 1024;
const sampleSeed = 1;
/** How much a library may have grown or shrunk since a yardstick was made that is still used. */
const reusedGrowth = 0.05;

type Scale = "pooled" | "exact";

export interface YardstickService {
  /** On the scale of the pooled cosine: what votes are measured with. */
  pooled(recipe: MeasureRecipe): Promise<Yardstick>;
  /** On the scale of the score that is shown; equals `pooled` where the score is the pooled cosine. */
  exact(recipe: MeasureRecipe): Promise<Yardstick>;
}

export interface YardstickParts {
  readonly store: Store;
  readonly features: FeatureSource;
  readonly inference: InferenceService;
  readonly lanes: Lanes;
  /** Where scores of random pairs are kept between runs. */
  readonly folder: string;
}

/** Creates the service over the library's vectors and features. */
export function createYardstickService({ store, features, inference, lanes, folder }: YardstickParts): YardstickService {
  const latest = new Map<string, { readonly count: number; readonly yardstick: Promise<Yardstick> }>();

  async function load(scale: Scale, recipe: MeasureRecipe, table: EmbeddingTable): Promise<Yardstick> {
    const sample = await table.sample(scale === "exact" ? exactSample.pictures : pooledSample, sampleSeed);
    const file = join(folder, `${recipe.id}-${scale}.json`);
    const ids = sample.map((vector) => vector.assetId);
    const known = await readKept(file, ids);
    if (known !== null) return createYardstick(known);
    const scores = scale === "exact" ? await exactScores(recipe, ids) : pooledScores(sample);
    // Kept only to be faster next time: a full disk must not stop an answer.
    await writeFileAtomic(file, JSON.stringify({ sample: fingerprint(ids), scores })).catch(() => undefined);
    return createYardstick(scores);
  }

  async function exactScores(recipe: MeasureRecipe, ids: readonly AssetId[]): Promise<readonly number[]> {
    const found: ImageFeatures[] = [];
    for (const id of ids) {
      const one = await features.cached(recipe, id);
      if (one === null) continue;
      found.push(one);
      const bytes = one.attention === null ? 0 : bytesOf(one.attention.query) * 4;
      if (bytes > exactSample.largeBytes && found.length >= exactSample.picturesOfLargeFeatures) break;
    }
    const scores: number[] = [];
    for (const [index, query] of found.entries()) {
      const others = found.slice(index + 1);
      if (others.length === 0) continue;
      const pairs = await lanes.run("interactive", () => inference.score(recipe.key, query, others, "score"));
      scores.push(...pairs.map((pair) => pair.score));
    }
    return scores.slice(0, maximumPairs);
  }

  /** While a library is being measured, a yardstick of nearly the same pictures is as good as a new one and is there at once. */
  async function yardstick(scale: Scale, recipe: MeasureRecipe): Promise<Yardstick> {
    const table = store.findEmbeddings(recipe.id);
    const count = (await table?.count()) ?? 0;
    if (table === null || count === 0) return createYardstick([]);
    const name = `${scale} ${recipe.id}`;
    const known = latest.get(name);
    if (known !== undefined && Math.abs(count - known.count) <= known.count * reusedGrowth) return known.yardstick;
    const loading = load(scale, recipe, table);
    latest.set(name, { count, yardstick: loading });
    loading.catch(() => latest.delete(name));
    return loading;
  }

  return {
    pooled: (recipe) => yardstick("pooled", recipe),
    exact: (recipe) => yardstick(recipe.ranksByTokens ? "exact" : "pooled", recipe),
  };
}

function pooledScores(sample: readonly StoredVector[]): readonly number[] {
  const vectorAt = (index: number): Float32Array => defined(sample[index], "pairs lie within the sample").vector;
  return samplePairs(sample.length, maximumPairs).map(([a, b]) => cosine(vectorAt(a), vectorAt(b)));
}

function fingerprint(ids: readonly AssetId[]): string {
  return createHash("sha256").update(ids.join(" ")).digest("hex");
}

const keptSchema = z.object({ sample: z.string(), scores: z.array(z.number()) });

/** Scores kept for exactly this sample; anything else on disk is measured again. */
async function readKept(file: string, ids: readonly AssetId[]): Promise<readonly number[] | null> {
  try {
    const kept = keptSchema.safeParse(JSON.parse(await readFile(file, "utf8")));
    return kept.success && kept.data.sample === fingerprint(ids) ? kept.data.scores : null;
  } catch {
    return null;
  }
}
