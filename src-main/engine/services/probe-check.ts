/** @file Which way of finding candidates keeps the best pictures of a library, measured on a sample of it against the metric's own scores. */
import type { AssetId } from "#shared/domain/asset";
import { defined } from "#shared/lib/assert";
import type { ImageFeatures } from "../../ml/metrics/metric";
import { candidateVectors, type CandidateCodebook, type CandidateVectors, type ScoreBlend } from "../../ml/retrieval/candidate-vector";
import { effectiveKeys } from "../../ml/retrieval/probe-attention";
import { recallOf } from "../../ml/retrieval/recall";
import { cosine } from "../../ml/tensor/linear-algebra";

/** Pictures that are asked about, at most. */
const questions = 20;
/** Pictures scored in one run. */
const batch = 32;

/** What is wanted and what is kept of a sample, as shares of it: the best 20 of 500 among the first 100. */
const wantedShare = 1 / 25;
const keptShare = 1 / 5;

export interface CheckRequest {
  readonly ids: readonly AssetId[];
  readonly read: (id: AssetId) => Promise<ImageFeatures | null>;
  /** The metric's own scores of one picture against others. */
  readonly score: (query: ImageFeatures, targets: readonly ImageFeatures[]) => Promise<readonly number[]>;
  readonly codebooks: readonly CandidateCodebook[];
  readonly blend: ScoreBlend | null;
  readonly checkpoint: () => Promise<void>;
  readonly advance: () => void;
}

export interface CheckResult {
  /** Recall of candidates by each codebook, in their order. */
  readonly recalls: readonly number[];
  readonly pooledRecall: number;
  readonly effectiveKeys: number;
  /** Pictures that were compared. */
  readonly checked: number;
}

/** Scores the sample exactly and asks how much of its best each way keeps. */
export async function checkCandidates(request: CheckRequest): Promise<CheckResult> {
  const { ids, read, codebooks, blend } = request;
  const step = Math.max(1, Math.floor(ids.length / questions));
  const asking: Asking[] = [];
  for (let place = 0; place < ids.length && asking.length < questions; place += step) {
    const features = await read(defined(ids[place], "places lie within the sample"));
    if (features !== null) asking.push({ place, features, ways: waysOf(features, codebooks, blend), exact: [], coarse: [] });
  }
  let checked = 0;
  for (let from = 0; from < ids.length; from += batch) checked += await scoreBatch(request, asking, from);
  const wanted = Math.max(1, Math.round(checked * wantedShare));
  const kept = Math.max(1, Math.round(checked * keptShare));
  const recallBy = (way: number): number =>
    meanOf(
      asking.map(({ exact, coarse }) =>
        recallOf(
          exact,
          coarse.map((scores) => scores[way] ?? 0),
          { wanted, kept },
        ),
      ),
    );
  const keys = asking.flatMap(({ features }) => (features.attention === null ? [] : [effectiveKeys(features.attention)]));
  return {
    recalls: codebooks.map((_, index) => recallBy(index + 1)),
    pooledRecall: recallBy(0),
    effectiveKeys: keys.sort((a, b) => a - b)[Math.floor(keys.length / 2)] ?? 0,
    checked,
  };
}

interface Asking {
  readonly place: number;
  readonly features: ImageFeatures;
  readonly ways: readonly CandidateVectors[];
  /** Scores of the others, and for each of them one cosine for each way. */
  readonly exact: number[];
  readonly coarse: (readonly number[])[];
}

/** The vectors of one picture: pooled first, then by each codebook. */
function waysOf(features: ImageFeatures, codebooks: readonly CandidateCodebook[], blend: ScoreBlend | null): readonly CandidateVectors[] {
  const pooled = { stored: features.pooled, question: features.pooled };
  return [pooled, ...codebooks.map((codebook) => candidateVectors(features, codebook, blend) ?? pooled)];
}

/** Scores one batch of the sample; returns how many of it were there. */
async function scoreBatch(
  { ids, read, score, codebooks, blend, checkpoint, advance }: CheckRequest,
  asking: readonly Asking[],
  from: number,
) {
  const targets: { readonly place: number; readonly features: ImageFeatures; readonly ways: readonly CandidateVectors[] }[] = [];
  for (const [index, id] of ids.slice(from, from + batch).entries()) {
    await checkpoint();
    const features = await read(id);
    advance();
    if (features !== null) targets.push({ place: from + index, features, ways: waysOf(features, codebooks, blend) });
  }
  for (const { place, features, ways, exact, coarse } of asking) {
    await checkpoint();
    const others = targets.filter((target) => target.place !== place);
    if (others.length > 0)
      exact.push(
        ...(await score(
          features,
          others.map((target) => target.features),
        )),
      );
    for (const target of others) coarse.push(ways.map((way, i) => cosine(way.question, defined(target.ways[i], "as many ways").stored)));
  }
  return targets.length;
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
