/** @file Remembers what was computed most recently, up to a number of bytes. */
import type { ImageFeatures } from "../../ml/metrics/metric";
import { featureBytes } from "../services/feature-blobs";

/** `compute` with its newest results kept; keys are compared by value. */
export function recentByBytes<Key>(
  limit: number,
  compute: (key: Key) => Promise<readonly ImageFeatures[]>,
): (key: Key) => Promise<readonly ImageFeatures[]> {
  const kept = new Map<string, readonly ImageFeatures[]>();
  let bytes = 0;
  return async (asked) => {
    const key = JSON.stringify(asked);
    const known = kept.get(key);
    kept.delete(key);
    const value = known ?? (await compute(asked));
    if (known === undefined) bytes += byteLength(value);
    kept.set(key, value);
    for (const [oldest, features] of kept) {
      if (bytes <= limit || oldest === key) break;
      kept.delete(oldest);
      bytes -= byteLength(features);
    }
    return value;
  };
}

function byteLength(features: readonly ImageFeatures[]): number {
  return features.reduce((bytes, one) => bytes + featureBytes(one), 0);
}
