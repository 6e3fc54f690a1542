/** @file Attention features of any shape out of the tokens of a small tap: resampled to another grid and turned into queries, keys and values by fixed random matrices. */
import { GraphBuilder } from "#main/ml/graph/graph-builder";
import { headAttention } from "#main/ml/graph/head-attention";
import type { Value } from "#main/ml/graph/value";
import { createSession, defaultThreads } from "#main/ml/runtime/inference-session";
import type { AttentionFeatures } from "#main/ml/scoring/attention-features";
import { widened } from "#main/ml/scoring/feature-array";
import { float32ToFloat16 } from "#main/ml/tensor/half";
import type { Tensor } from "#main/ml/tensor/tensor";
import { randomNumbers } from "../support/random-numbers";

/** How much queries and keys have in common, and how long they are: attention as peaked as that of the tokens themselves. */
const [shared, gain] = [0.8, 2] as const;

export interface ProjectedShape {
  readonly heads: number;
  /** Tokens along one side. */
  readonly side: number;
  readonly headDim: number;
}

/** Features of each of `taps`, square grids of one head, in another shape and at half precision. */
export async function projectedTaps(taps: readonly AttentionFeatures[], shape: ProjectedShape): Promise<readonly AttentionFeatures[]> {
  const { heads, side, headDim } = shape;
  const channels = taps[0]?.headDim ?? 0;
  const session = await createSession(projections(channels, shape), { device: "cpu", threads: defaultThreads() });
  const grid = { rows: side, columns: side, prefix: 0 };
  try {
    const projected: AttentionFeatures[] = [];
    for (const tap of taps) {
      const outputs = await session.run({ tokens: { dtype: "float32", shape: [side * side, channels], data: resampled(tap, side) } });
      const half = (name: string) => float32ToFloat16((outputs[name] as Tensor).data as Float32Array);
      const arrays = { query: half("query"), key: half("key"), value: half("value"), output: half("output") };
      projected.push({ heads, tokens: side * side, headDim, grid, ...arrays });
    }
    return projected;
  } finally {
    await session.dispose();
  }
}

/** `tokens` [T, channels] to `query`, `key`, `value` and `output` [1, heads, T, headDim]. */
function projections(channels: number, { heads, side, headDim }: ProjectedShape) {
  const g = new GraphBuilder();
  const x = g.input("tokens", "float32", [side * side, channels]);
  const width = heads * headDim;
  const [common, onlyQuery, onlyKey, onlyValue] = [1, 2, 3, 4].map((seed) => randomNumbers(channels * width, seed));
  const mixed = (own: Float32Array, share: number, length: number): Float32Array =>
    own.map((value, i) => (length * (share * (common?.[i] ?? 0) + (1 - share) * value)) / Math.sqrt(channels));
  const projected = (weights: Float32Array): Value =>
    g.transpose(g.reshape(g.matmul(x, g.constant([channels, width], weights)), [1, side * side, heads, headDim]), [0, 2, 1, 3]);
  const query = projected(mixed(onlyQuery as Float32Array, shared, gain));
  const key = projected(mixed(onlyKey as Float32Array, shared, gain));
  const value = projected(mixed(onlyValue as Float32Array, 0, 1));
  for (const [name, part] of Object.entries({ query, key, value, output: headAttention(g, { query, key, value }) })) g.output(name, part);
  return g.build();
}

/** The tokens on another grid by bilinear interpolation, at a root mean square of one: [side * side, channels]. */
function resampled({ grid, headDim, query }: AttentionFeatures, side: number): Float32Array {
  const tokens = widened(query);
  const result = new Float32Array(side * side * headDim);
  const at = (row: number, column: number, i: number) => tokens[(row * grid.columns + column) * headDim + i] ?? 0;
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const [y, x] = [row, column].map((place) => (place * (grid.rows - 1)) / (side - 1)) as [number, number];
      const [top, left] = [Math.min(Math.floor(y), grid.rows - 2), Math.min(Math.floor(x), grid.columns - 2)];
      const [down, right] = [y - top, x - left];
      for (let i = 0; i < headDim; i++) {
        const upper = (1 - right) * at(top, left, i) + right * at(top, left + 1, i);
        const lower = (1 - right) * at(top + 1, left, i) + right * at(top + 1, left + 1, i);
        result[(row * side + column) * headDim + i] = (1 - down) * upper + down * lower;
      }
    }
  }
  const length = Math.sqrt(result.reduce((sum, value) => sum + value * value, 0) / result.length);
  return result.map((value) => value / Math.max(length, 1e-12));
}
