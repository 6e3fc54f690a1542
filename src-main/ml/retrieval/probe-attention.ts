/**
 * @file Probe attention: what a picture answers to a fixed set of queries, as one vector whose cosines foretell Aligned Attention Scores.
 *
 *   g_j(X) = softmax(c_j K_Xᵀ / sqrt(d)) V_X        the answer of picture X to centre j of the library's queries, head by head
 *   x(X)   = concatenation over heads and j of sqrt(weight_j) g_j(X)
 *
 * A query of A near c_j gathers about g_j(B) in B and g_j(A) at home, so the cosine of what A's queries gather in both is about that of x(A) and x(B).
 * See docs/retrieval-study.md.
 */
import type { AttentionArray, AttentionFeatures } from "../scoring/attention-features";
import { widened } from "../scoring/feature-array";
import { unit } from "../tensor/linear-algebra";
import { kMeans, labelShares, nearestCentres } from "./k-means";

/** Queries that stand for those of a whole library. */
export interface ProbeCodebook {
  readonly heads: number;
  readonly headDim: number;
  /** Centres a head. */
  readonly probes: number;
  /** [heads, probes, headDim] */
  readonly centres: Float32Array;
  /** Share of the library's queries nearest to each centre: [heads, probes], one for every head. */
  readonly shares: Float32Array;
}

/** What the answers are weighted by: the library's share of each probe, or that plus the picture's own, for attention so peaked that means say little. */
export type ProbeWeighting = "library" | "own";

/** The answers of one picture, of unit length, are at most this many numbers: more channels have fewer probes. */
const mostNumbers = 40_960;
const usualProbes = 32;

/** Probes a head for attention of this width. */
export function probesFor({ heads, headDim }: Pick<AttentionFeatures, "heads" | "headDim">): number {
  return Math.max(1, Math.min(usualProbes, Math.floor(mostNumbers / (heads * headDim))));
}

/**
 * Centres of one head's queries [rows, headDim] of many pictures, with their shares; heads are clustered one by one, because each takes a while.
 */
export function probesOfHead(
  queries: Float32Array,
  { headDim, probes, seed = 1 }: { readonly headDim: number; readonly probes: number; readonly seed?: number },
): { readonly centres: Float32Array; readonly shares: Float32Array } {
  const found = kMeans(queries, { channels: headDim, count: probes, seed });
  const centres = new Float32Array(probes * headDim);
  const shares = new Float32Array(probes);
  centres.set(found.data);
  shares.set(labelShares(nearestCentres(queries, found), found.count));
  return { centres, shares };
}

/** Whether a codebook was made for features of this shape. */
export function fitsCodebook({ heads, headDim }: AttentionFeatures, codebook: ProbeCodebook): boolean {
  return heads === codebook.heads && headDim === codebook.headDim;
}

/** x(X) of unit length: [heads * probes * headDim]. */
export function probeAnswers(features: AttentionFeatures, codebook: ProbeCodebook, weighting: ProbeWeighting): Float32Array {
  const { heads, probes, headDim } = codebook;
  const answers = new Float32Array(heads * probes * headDim);
  const [keys, values] = [headsOf(features, "key"), headsOf(features, "value")];
  const queries = weighting === "own" ? headsOf(features, "query") : null;
  for (let head = 0; head < heads; head++) {
    const centres = { data: part(codebook.centres, head, heads), count: probes, channels: headDim };
    const shares = part(codebook.shares, head, heads);
    const own = queries === null ? null : labelShares(nearestCentres(queries(head), centres), probes);
    const [headKeys, headValues] = [keys(head), values(head)];
    const headAnswers = part(answers, head, heads);
    for (let probe = 0; probe < probes; probe++) {
      const weights = attentionRow(part(centres.data, probe, probes), headKeys);
      const factor = Math.sqrt((shares[probe] as number) + (own?.[probe] ?? 0));
      addWeightedRows(part(headAnswers, probe, probes), headValues, { weights, factor });
    }
  }
  return unit(answers);
}

/** The queries of a picture by head: [tokens, headDim] in float32. */
export function queriesOf(features: AttentionFeatures): (head: number) => Float32Array {
  return headsOf(features, "query");
}

/** How many keys a query looks at, 1 / sum p²: the median over every eighth query of a picture. Few mean peaked attention. */
export function effectiveKeys(features: AttentionFeatures): number {
  const { heads, tokens } = features;
  const [queries, keys] = [headsOf(features, "query"), headsOf(features, "key")];
  const counts: number[] = [];
  for (let head = 0; head < heads; head++) {
    const [headQueries, headKeys] = [queries(head), keys(head)];
    for (let token = 0; token < tokens; token += 8) {
      const weights = attentionRow(part(headQueries, token, tokens), headKeys);
      counts.push(1 / weights.reduce((sum, weight) => sum + weight * weight, 0));
    }
  }
  return counts.sort((a, b) => a - b)[Math.floor(counts.length / 2)] ?? 0;
}

function headsOf(features: AttentionFeatures, name: AttentionArray): (head: number) => Float32Array {
  const numbers = widened(features[name]);
  return (head) => part(numbers, head, features.heads);
}

/** One of equal parts: a view. */
function part(numbers: Float32Array, index: number, parts: number): Float32Array {
  const size = numbers.length / parts;
  return numbers.subarray(index * size, (index + 1) * size);
}

/** softmax(query · keysᵀ / sqrt(d)): [keys]. */
function attentionRow(query: Float32Array, keys: Float32Array): Float32Array {
  const channels = query.length;
  const scale = 1 / Math.sqrt(channels);
  const weights = new Float32Array(keys.length / channels);
  let largest = -Infinity;
  for (let token = 0, at = 0; token < weights.length; token++) {
    let sum = 0;
    for (let i = 0; i < channels; i++, at++) sum += (query[i] as number) * (keys[at] as number);
    weights[token] = sum * scale;
    if (sum * scale > largest) largest = sum * scale;
  }
  let total = 0;
  for (let token = 0; token < weights.length; token++) {
    const weight = Math.exp((weights[token] as number) - largest);
    weights[token] = weight;
    total += weight;
  }
  return weights.map((weight) => weight / total);
}

/** Adds to `sum` [d] the rows [count, d], each times its weight and the factor. */
function addWeightedRows(
  sum: Float32Array,
  rows: Float32Array,
  { weights, factor }: { readonly weights: Float32Array; readonly factor: number },
): void {
  for (let row = 0, at = 0; row < weights.length; row++) {
    const weight = factor * (weights[row] as number);
    for (let i = 0; i < sum.length; i++, at++) sum[i] = (sum[i] as number) + weight * (rows[at] as number);
  }
}
