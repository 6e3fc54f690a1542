import { expect, test } from "vitest";
import { decodeFeatureFile, encodeFeatureFile } from "../../data/store/feature-file";
import type { ImageFeatures } from "../../ml/metrics/metric";
import { packFeatures, toStoredPrecision, unpackFeatures } from "./feature-blobs";

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

test("pooled features alone, and blobs that are none", () => {
  const pooledOnly: ImageFeatures = { pooled: features.pooled, attention: null };
  expect(unpackFeatures(packFeatures(pooledOnly))).toEqual(pooledOnly);
  expect(unpackFeatures({ meta: {}, arrays: {} })).toBeNull();
  const whole = packFeatures(toStoredPrecision(features));
  expect(unpackFeatures({ ...whole, arrays: { pooled: whole.arrays["pooled"]! } })).toBeNull();
});
