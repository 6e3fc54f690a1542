/** @file What an image leaves behind at one self-attention layer: all that an exact score needs. */

/** Features as computed, or as stored at half precision (raw float16 bits). */
export type FeatureArray = Float32Array | Uint16Array;

/** The tokens of an image as a grid; `prefix` class and register tokens come before the patches. */
export interface AttentionGrid {
  readonly rows: number;
  readonly columns: number;
  readonly prefix: number;
}

/** Query, key, value and self-attention output (before any projection): each [heads, tokens, headDim], guidance rows folded into the heads. */
export interface AttentionFeatures {
  readonly heads: number;
  readonly tokens: number;
  readonly headDim: number;
  readonly grid: AttentionGrid;
  readonly query: FeatureArray;
  readonly key: FeatureArray;
  readonly value: FeatureArray;
  readonly output: FeatureArray;
}
