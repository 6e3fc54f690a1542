/**
 * @file Features of a picture as the library keeps them: the pooled vector in float32, attention in float16.
 *
 * [Note: Half on every path] Fresh features are rounded to half precision before they are scored for the first time, so that a score is the same
 * whether its features were just computed or read from the library.
 */
import { z } from "zod";
import type { FeatureArray as StoredArray, FeatureBlob } from "../../data/store/feature-file";
import type { ImageFeatures } from "../../ml/metrics/metric";
import {
  attentionArrays,
  tokensOf,
  type AttentionArray,
  type AttentionFeatures,
  type FeatureArray,
} from "../../ml/scoring/attention-features";
import { float32ToFloat16 } from "../../ml/tensor/half";

const attentionMetaSchema = z.object({
  heads: z.number().int().positive(),
  tokens: z.number().int().positive(),
  headDim: z.number().int().positive(),
  keyTokens: z.number().int().positive().optional(),
  grid: z.object({ rows: z.number().int().positive(), columns: z.number().int().positive(), prefix: z.number().int().nonnegative() }),
  /** Which array each name is kept under: where query, key and value are the same numbers, they are kept once. */
  keptAs: z.record(z.enum(attentionArrays), z.enum(attentionArrays)),
});

/** Rounds the attention arrays to half precision; arrays that are shared stay shared. */
export function toStoredPrecision(features: ImageFeatures): ImageFeatures {
  const { attention } = features;
  if (attention === null) return features;
  const halves = new Map<FeatureArray, FeatureArray>();
  const half = (array: FeatureArray): FeatureArray => {
    const known = halves.get(array) ?? (array instanceof Uint16Array ? array : float32ToFloat16(array));
    halves.set(array, known);
    return known;
  };
  const rounded: AttentionFeatures = {
    ...attention,
    query: half(attention.query),
    key: half(attention.key),
    value: half(attention.value),
    output: half(attention.output),
  };
  return { pooled: features.pooled, attention: rounded };
}

/** What features take in memory; arrays that are shared count once. */
export function featureBytes({ pooled, attention }: ImageFeatures): number {
  const arrays = new Set<FeatureArray>(attention === null ? [] : attentionArrays.map((name) => attention[name]));
  return [...arrays].reduce((bytes, array) => bytes + array.byteLength, pooled.byteLength);
}

/** Packs features of {@link toStoredPrecision} into a blob. */
export function packFeatures({ pooled, attention }: ImageFeatures): FeatureBlob {
  const arrays: Record<string, StoredArray> = { pooled: { dtype: "float32", shape: [pooled.length], data: pooled } };
  if (attention === null) return { meta: {}, arrays };
  const { heads, tokens, headDim, keyTokens, grid } = attention;
  const keptAs: Partial<Record<AttentionArray, AttentionArray>> = {};
  for (const name of attentionArrays) {
    const same = attentionArrays.find((earlier) => attention[earlier] === attention[name]) ?? name;
    keptAs[name] = same;
    if (same === name) arrays[name] = storedArray(attention[name], [heads, tokensOf(attention, name), headDim]);
  }
  return { meta: { attention: { heads, tokens, headDim, keyTokens, grid, keptAs } }, arrays };
}

function storedArray(array: FeatureArray, shape: readonly number[]): StoredArray {
  return array instanceof Uint16Array ? { dtype: "float16", shape, data: array } : { dtype: "float32", shape, data: array };
}

/** Unpacks a blob; null when it is not one of these (another version wrote it): it is measured again then. */
export function unpackFeatures(blob: FeatureBlob): ImageFeatures | null {
  const pooled = blob.arrays["pooled"];
  if (pooled?.dtype !== "float32") return null;
  const described = blob.meta["attention"];
  if (described === undefined) return { pooled: pooled.data, attention: null };
  const meta = attentionMetaSchema.safeParse(described);
  if (!meta.success) return null;
  const { keptAs, ...shape } = meta.data;
  const arrayOf = (name: AttentionArray): FeatureArray | null => {
    const stored = blob.arrays[keptAs[name]];
    const isWhole = stored !== undefined && stored.data.length === shape.heads * tokensOf(shape, name) * shape.headDim;
    return isWhole && (stored.dtype === "float16" || stored.dtype === "float32") ? stored.data : null;
  };
  const [query, key, value, output] = attentionArrays.map(arrayOf);
  if (!query || !key || !value || !output) return null;
  return { pooled: pooled.data, attention: { ...shape, query, key, value, output } };
}
