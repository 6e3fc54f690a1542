/**
 * @file Features of a picture as the library keeps them: the pooled vector in float32, attention in float16 or in eight bits.
 *
 * [Note: Half on every path] Fresh features are rounded to the form of their recipe before they are scored for the first time, so that a score is the
 * same whether its features were just computed or read from the library.
 */
import { z } from "zod";
import type { FeatureForm, FeaturePrecision } from "#shared/domain/feature-cache";
import type { FeatureArray as StoredArray, FeatureBlob } from "../../data/store/feature-file";
import type { ImageFeatures } from "../../ml/metrics/metric";
import { attentionArrays, tokensOf, type AttentionArray, type AttentionFeatures } from "../../ml/scoring/attention-features";
import { bytesOf, countOf, formOf, inForm, type FeatureArray } from "../../ml/scoring/feature-array";

const attentionMetaSchema = z.object({
  heads: z.number().int().positive(),
  tokens: z.number().int().positive(),
  headDim: z.number().int().positive(),
  keyTokens: z.number().int().positive().optional(),
  grid: z.object({ rows: z.number().int().positive(), columns: z.number().int().positive(), prefix: z.number().int().nonnegative() }),
  /** Which array each name is kept under: where query, key and value are the same numbers, they are kept once. */
  keptAs: z.record(z.enum(attentionArrays), z.enum(attentionArrays)),
});

/** Rounds the attention arrays to the form they are kept in; arrays that are shared stay shared, what is rounded already stays as it is. */
export function toStoredPrecision(features: ImageFeatures, form: FeatureForm = "float16"): ImageFeatures {
  const { attention } = features;
  if (attention === null) return features;
  const rounded = new Map<FeatureArray, FeatureArray>();
  const kept = (name: AttentionArray): FeatureArray => {
    const array = attention[name];
    const known = rounded.get(array) ?? inForm(array, form, attention);
    rounded.set(array, known);
    return known;
  };
  const stored = { query: kept("query"), key: kept("key"), value: kept("value"), output: kept("output") };
  return { pooled: features.pooled, attention: { ...attention, ...stored } };
}

/** The form of the tokens; features without any are a float32 vector. */
export function precisionOf({ attention }: ImageFeatures): FeaturePrecision {
  return attention === null ? "float32" : formOf(attention.query);
}

/** What a score is computed from when its features are kept like this. */
export function coarsestOf(precisions: readonly FeaturePrecision[]): FeaturePrecision {
  return (["int8", "float16"] as const).find((form) => precisions.includes(form)) ?? "float32";
}

/** What features take in memory; arrays that are shared count once. */
export function featureBytes({ pooled, attention }: ImageFeatures): number {
  const arrays = new Set<FeatureArray>(attention === null ? [] : attentionArrays.map((name) => attention[name]));
  return [...arrays].reduce((bytes, array) => bytes + bytesOf(array), pooled.byteLength);
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
    if (same === name) Object.assign(arrays, storedArrays(name, attention));
  }
  return { meta: { attention: { heads, tokens, headDim, keyTokens, grid, keptAs } }, arrays };
}

/** Eight bits have two arrays beside them: the scale and the mean of each channel. */
function storedArrays(name: AttentionArray, attention: AttentionFeatures): Record<string, StoredArray> {
  const { heads, headDim, [name]: array } = attention;
  const shape = [heads, tokensOf(attention, name), headDim];
  if (array instanceof Float32Array) return { [name]: { dtype: "float32", shape, data: array } };
  if (array instanceof Uint16Array) return { [name]: { dtype: "float16", shape, data: array } };
  const ofChannels = (data: Float32Array): StoredArray => ({ dtype: "float32", shape: [heads, headDim], data });
  return {
    [name]: { dtype: "int8", shape, data: array.values },
    [`${name}Scale`]: ofChannels(array.scale),
    [`${name}Mean`]: ofChannels(array.mean),
  };
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
  const arrays = new Map<AttentionArray, FeatureArray | null>();
  const arrayOf = (name: AttentionArray): FeatureArray | null => {
    const known = arrays.get(keptAs[name]);
    // Arrays that were shared are shared again.
    const array = known === undefined ? readArray(blob, keptAs[name], shape) : known;
    arrays.set(keptAs[name], array);
    return array !== null && countOf(array) === shape.heads * tokensOf(shape, name) * shape.headDim ? array : null;
  };
  const [query, key, value, output] = attentionArrays.map(arrayOf);
  if (!query || !key || !value || !output) return null;
  return { pooled: pooled.data, attention: { ...shape, query, key, value, output } };
}

function readArray(
  { arrays }: FeatureBlob,
  name: AttentionArray,
  { heads, headDim }: Pick<AttentionFeatures, "heads" | "headDim">,
): FeatureArray | null {
  const stored = arrays[name];
  if (stored?.dtype === "float16" || stored?.dtype === "float32") return stored.data;
  const [scale, mean] = [arrays[`${name}Scale`], arrays[`${name}Mean`]];
  if (stored?.dtype !== "int8" || scale?.dtype !== "float32" || mean?.dtype !== "float32") return null;
  const channels = heads * headDim;
  if (scale.data.length !== channels || mean.data.length !== channels) return null;
  return { values: stored.data, scale: scale.data, mean: mean.data, headDim };
}
