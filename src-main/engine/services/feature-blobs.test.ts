import { expect, test } from "vitest";
import { decodeFeatureFile, encodeFeatureFile } from "../../data/store/feature-file";
import type { ImageFeatures } from "../../ml/metrics/metric";
import { coarsestOf, featureBytes, packFeatures, precisionOf, toStoredPrecision, unpackFeatures } from "./feature-blobs";

const tokens = Float32Array.from({ length: 2 * 5 * 4 }, (_, index) => Math.sin(index));
const output = Float32Array.from({ length: 2 * 5 * 4 }, (_, index) => Math.cos(index));
const features: ImageFeatures = {
  pooled: Float32Array.of(0.6, 0.8),
  attention: {
    heads: 2,
    tokens: 5,
    headDim: 4,
    grid: { rows: 2, columns: 2, prefix: 1 },
    query: tokens,
    key: tokens,
    value: tokens,
    output,
  },
};

test("features read back equal the ones that were scored when they were fresh", () => {
  const fresh = toStoredPrecision(features);
  const blob = decodeFeatureFile(encodeFeatureFile(packFeatures(fresh)));
  expect(blob).not.toBeNull();
  expect(blob && unpackFeatures(blob)).toEqual(fresh);
});

test("keys of another length than the picture's tokens are kept as they are", () => {
  const keys = tokens.slice(0, 2 * 3 * 4);
  const adapted: ImageFeatures = { ...features, attention: { ...features.attention!, keyTokens: 3, key: keys, value: keys } };
  const fresh = toStoredPrecision(adapted);
  expect(unpackFeatures(decodeFeatureFile(encodeFeatureFile(packFeatures(fresh)))!)).toEqual(fresh);
});

test("arrays that are the same numbers are kept once", () => {
  expect(Object.keys(packFeatures(toStoredPrecision(features)).arrays)).toEqual(["pooled", "query", "output"]);
});

test("eight bits read back equal the ones that were scored when they were fresh, and are kept once where they are the same", () => {
  const fresh = toStoredPrecision(features, "int8");
  const blob = decodeFeatureFile(encodeFeatureFile(packFeatures(fresh)))!;
  const names = ["pooled", "query", "queryScale", "queryMean", "output", "outputScale", "outputMean"];
  expect(Object.keys(blob.arrays)).toEqual(names);
  const back = unpackFeatures(blob);
  expect(back).toEqual(fresh);
  expect(back?.attention?.value).toBe(back?.attention?.query);
  expect([features, toStoredPrecision(features), fresh].map(precisionOf)).toEqual(["float32", "float16", "int8"]);
  // 40 steps and 2 x 8 numbers for their channels, twice, beside the pooled vector.
  expect(featureBytes(fresh)).toBe(8 + 2 * (40 + 2 * 8 * 4));
  for (const name of names.slice(2)) {
    const { [name]: _, ...arrays } = blob.arrays;
    expect(unpackFeatures({ ...blob, arrays })).toBeNull();
  }
});

test("a score is as coarse as its coarsest features", () => {
  expect(coarsestOf([])).toBe("float32");
  expect(coarsestOf(["float16", "float32"])).toBe("float16");
  expect(coarsestOf(["float32", "int8", "float16"])).toBe("int8");
});

test("pooled features alone, and blobs that are none", () => {
  const pooledOnly: ImageFeatures = { pooled: features.pooled, attention: null };
  expect(unpackFeatures(packFeatures(pooledOnly))).toEqual(pooledOnly);
  expect(unpackFeatures({ meta: {}, arrays: {} })).toBeNull();
  const whole = packFeatures(toStoredPrecision(features));
  expect(unpackFeatures({ ...whole, arrays: { pooled: whole.arrays["pooled"]! } })).toBeNull();
});
