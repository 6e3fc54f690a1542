/** @file From the kept features of a sample of the library to a checked way of finding candidates. */
import type { AssetId } from "#shared/domain/asset";
import { defined } from "#shared/lib/assert";
import type { EmbeddingTable, Store } from "../../data/store/store-types";
import type { ScoreBlend } from "../../ml/retrieval/candidate-vector";
import type { InferenceService } from "../inference/inference-service";
import type { Lanes } from "../jobs/lanes";
import { featureBytes } from "./feature-blobs";
import type { FeatureSource } from "./feature-source";
import type { MeasureRecipe } from "./measure-recipes";
import { checkCandidates, type CheckResult } from "./probe-check";
import { packCandidateFile, type CandidateFacts } from "./probe-file";
import { fitCodebooks } from "./probe-fit";

/** Pictures that are checked, and the first of them that codebooks are made of; fewer where the features of one picture are large. */
const usualSample = { checked: 500, fitted: 300 } as const;
const smallSample = { checked: 240, fitted: 160 } as const;
const largeBytes = 2 ** 20;
const sampleSeed = 2;
const fewestPictures = 60;
/** Where fewer of the sampled pictures still have features, a new codebook would leave too many without a vector. */
const nearlyWhole = 0.8;

/** Candidates that stage 2 scores: more where less of the best is among them. */
const candidateCounts = { usual: 200, many: 300, usualFromRecall: 0.95 } as const;
/** Recalls nearer than this are equal: it is the standard error of a check. */
const equalRecall = 0.01;

/** Measured pictures whose features are kept. */
export interface SampledPictures {
  readonly ids: readonly AssetId[];
  readonly fitted: number;
  /** Whether there are enough to learn from. */
  readonly isEnough: boolean;
  /** Whether nearly all that were drawn are kept. */
  readonly isNearlyWhole: boolean;
  /** Pictures that will be read, one by one. */
  readonly steps: number;
}

/** Draws the sample of a recipe: the same one for the same library. */
export async function samplePresent(
  { store, features }: { readonly store: Store; readonly features: FeatureSource },
  recipe: MeasureRecipe,
  pooled: EmbeddingTable,
): Promise<SampledPictures> {
  const drawn = await pooled.sample(usualSample.checked, sampleSeed);
  const present: AssetId[] = [];
  for (const { assetId } of drawn) if (await store.features.has(recipe.id, assetId)) present.push(assetId);
  const first = present[0] === undefined ? null : await features.cached(recipe, present[0]);
  const hasAttention = first !== null && first.attention !== null;
  const size = first !== null && featureBytes(first) > largeBytes ? smallSample : usualSample;
  const ids = present.slice(0, size.checked);
  const fitted = Math.min(size.fitted, ids.length);
  return {
    ids,
    fitted,
    isEnough: ids.length >= fewestPictures && hasAttention,
    isNearlyWhole: present.length >= drawn.length * nearlyWhole,
    steps: 2 * fitted + ids.length,
  };
}

export interface BuildRequest {
  readonly features: FeatureSource;
  readonly inference: InferenceService;
  readonly lanes: Lanes;
  readonly recipe: MeasureRecipe;
  readonly sample: SampledPictures;
  readonly blend: ScoreBlend | null;
  /** Pictures that the library has measured. */
  readonly measured: number;
  readonly checkpoint: () => Promise<void>;
  readonly advance: () => void;
}

/** Fits, checks and chooses. Throws what `checkpoint` throws. */
export async function buildCandidateFile(request: BuildRequest): Promise<ReturnType<typeof packCandidateFile>> {
  const { features, inference, lanes, recipe, sample, blend, measured, checkpoint, advance } = request;
  const read = (id: AssetId) => features.cached(recipe, id);
  const codebooks = await fitCodebooks({
    ids: sample.ids.slice(0, sample.fitted),
    read: async (id) => (await read(id))?.attention ?? null,
    checkpoint,
    advance,
  });
  const check = await checkCandidates({
    ids: sample.ids,
    read,
    score: async (query, targets) =>
      (await lanes.run("background", () => inference.score(recipe.key, query, targets, "score"))).map(({ score }) => score),
    codebooks,
    blend,
    checkpoint,
    advance,
  });
  const chosen = chooseWay(check);
  const { recall, index } = chosen;
  const codebook = index === null ? null : defined(codebooks[index], "the chosen codebook");
  const facts: CandidateFacts = {
    by: codebook?.weighting ?? "pooled",
    candidates: recall >= candidateCounts.usualFromRecall ? candidateCounts.usual : candidateCounts.many,
    recall,
    pooledRecall: check.pooledRecall,
    effectiveKeys: check.effectiveKeys,
    checked: check.checked,
    measured,
  };
  return packCandidateFile(facts, codebook);
}

/** The codebook that keeps most of the best; the earlier of equal ones, and the pooled vector only where it is better than all: it falls behind as a library grows. */
function chooseWay({ recalls, pooledRecall }: CheckResult): { readonly recall: number; readonly index: number | null } {
  let chosen: { recall: number; index: number | null } | null = null;
  for (const [index, recall] of recalls.entries()) if (chosen === null || recall > chosen.recall + equalRecall) chosen = { recall, index };
  return chosen !== null && pooledRecall <= chosen.recall + equalRecall ? chosen : { recall: pooledRecall, index: null };
}
