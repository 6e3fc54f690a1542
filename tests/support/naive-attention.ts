/** @file The Aligned Attention Score as plain float64 loops: the oracle of the tests and the straightforward code the benchmark is compared with. */
import type { OutputProjection } from "#main/ml/scoring/aligned-attention-graph";
import type { AttentionFeatures } from "#main/ml/scoring/attention-features";
import { widened } from "#main/ml/scoring/feature-array";

interface HeadsShape {
  readonly heads: number;
  readonly tokens: number;
  readonly keys: number;
  readonly headDim: number;
  readonly scale?: number;
}

export interface NaiveAttention {
  /** [heads, tokens, headDim] */
  readonly output: Float64Array;
  /** Head-averaged attention rows: [tokens, keys] */
  readonly meanRows: Float64Array;
}

/** softmax(q kᵀ scale) v with q [heads, tokens, headDim] and k, v [heads, keys, headDim]. */
export function naiveAttention(
  query: ArrayLike<number>,
  key: ArrayLike<number>,
  value: ArrayLike<number>,
  shape: HeadsShape,
): NaiveAttention {
  const { heads, tokens, keys, headDim } = shape;
  const scale = shape.scale ?? 1 / Math.sqrt(headDim);
  const output = new Float64Array(heads * tokens * headDim);
  const meanRows = new Float64Array(tokens * keys);
  const row = new Float64Array(keys);
  for (let head = 0; head < heads; head++) {
    for (let token = 0; token < tokens; token++) {
      const queryStart = (head * tokens + token) * headDim;
      let largest = -Infinity;
      for (let other = 0; other < keys; other++) {
        const keyStart = (head * keys + other) * headDim;
        let sum = 0;
        for (let i = 0; i < headDim; i++) sum += (query[queryStart + i] as number) * (key[keyStart + i] as number);
        row[other] = sum * scale;
        largest = Math.max(largest, sum * scale);
      }
      let total = 0;
      for (let other = 0; other < keys; other++) total += row[other] = Math.exp((row[other] as number) - largest);
      for (let other = 0; other < keys; other++) {
        const weight = (row[other] as number) / total;
        meanRows[token * keys + other] = (meanRows[token * keys + other] as number) + weight / heads;
        const valueStart = (head * keys + other) * headDim;
        for (let i = 0; i < headDim; i++)
          output[queryStart + i] = (output[queryStart + i] as number) + weight * (value[valueStart + i] as number);
      }
    }
  }
  return { output, meanRows };
}

/** Attention features of made-up query, key and value, with the self-attention output computed here. */
export function naiveFeatures(
  parts: Pick<AttentionFeatures, "heads" | "tokens" | "keyTokens" | "headDim" | "grid"> & Record<"query" | "key" | "value", Float32Array>,
  scale?: number,
): AttentionFeatures {
  const { output } = naiveAttention(parts.query, parts.key, parts.value, {
    ...parts,
    keys: parts.keyTokens ?? parts.tokens,
    ...(scale === undefined ? {} : { scale }),
  });
  return { ...parts, output: Float32Array.from(output) };
}

export interface NaiveDirection {
  readonly cosine: number;
  readonly meanSquaredError: number;
  readonly heat: Float64Array;
  readonly match: Int32Array;
}

/** One direction of the score: the queries of `from` look at `to`. */
export function naiveDirection(
  from: AttentionFeatures,
  to: AttentionFeatures,
  options: { readonly scale?: number; readonly projection?: OutputProjection } = {},
): NaiveDirection {
  const { heads, tokens, headDim } = from;
  const { output: crossed, meanRows } = naiveAttention(widened(from.query), widened(to.key), widened(to.value), {
    heads,
    tokens,
    keys: to.keyTokens ?? to.tokens,
    headDim,
    ...options,
  });
  const token = (values: ArrayLike<number>, index: number) => tokenVector(values, index, { heads, tokens, headDim }, options.projection);
  const own = widened(from.output);
  let [dot, crossedSquared, ownSquared, squaredError, count] = [0, 0, 0, 0, 0];
  const heat = Float64Array.from({ length: tokens }, (_, index) => {
    const [x, y] = [token(crossed, index), token(own, index)];
    const sum = (f: (a: number, b: number) => number) => x.reduce((total, a, i) => total + f(a, y[i] as number), 0);
    const [xy, xx, yy] = [sum((a, b) => a * b), sum((a) => a * a), sum((_a, b) => b * b)];
    dot += xy;
    crossedSquared += xx;
    ownSquared += yy;
    squaredError += sum((a, b) => (a - b) ** 2);
    count += x.length;
    return xy / Math.sqrt(xx * yy);
  });
  const gathered = (index: number) => tokenVector(widened(to.output), index, { heads, tokens: to.tokens, headDim }, undefined);
  const likeness = (index: number, other: number): number =>
    to.keyTokens === undefined
      ? (meanRows[index * to.tokens + other] as number)
      : cosineOf(tokenVector(crossed, index, { heads, tokens, headDim }, undefined), gathered(other));
  const match = Int32Array.from({ length: tokens }, (_, index) => {
    let best = to.grid.prefix;
    for (let other = best; other < to.tokens; other++) if (likeness(index, other) > likeness(index, best)) best = other;
    return best;
  });
  return { cosine: dot / Math.sqrt(crossedSquared * ownSquared), meanSquaredError: squaredError / count, heat, match };
}

function cosineOf(x: readonly number[], y: readonly number[]): number {
  const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
  return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
}

/** All channels of one token, projected when a projection is given. */
function tokenVector(
  values: ArrayLike<number>,
  token: number,
  shape: Pick<HeadsShape, "heads" | "tokens" | "headDim">,
  projection: OutputProjection | undefined,
): number[] {
  const { heads, tokens, headDim } = shape;
  const merged = Array.from(
    { length: heads * headDim },
    (_, i) => values[(Math.floor(i / headDim) * tokens + token) * headDim + (i % headDim)] as number,
  );
  if (projection === undefined) return merged;
  const [out = 0] = projection.weight.shape;
  return Array.from({ length: out }, (_, row) =>
    merged.reduce(
      (sum, x, i) => sum + x * (projection.weight.data[row * merged.length + i] as number),
      projection.bias.data[row] as number,
    ),
  );
}
