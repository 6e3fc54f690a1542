/** @file What an image leaves behind at one attention layer: all that an exact score needs. */
import type { FeatureArray } from "./feature-array";

export type { FeatureArray } from "./feature-array";

/** The tokens of an image as a grid; `prefix` class and register tokens come before the patches. */
export interface AttentionGrid {
  readonly rows: number;
  readonly columns: number;
  readonly prefix: number;
}

/**
 * Query, key, value and attention output (before any projection): each [heads, tokens, headDim], guidance rows folded into the heads.
 * Key and value of an attention to the tokens of an IP-Adapter are [heads, keyTokens, headDim]. All four have one form.
 */
export interface AttentionFeatures {
  readonly heads: number;
  readonly tokens: number;
  readonly headDim: number;
  /** Left out where the picture's own tokens are the keys. */
  readonly keyTokens?: number | undefined;
  readonly grid: AttentionGrid;
  readonly query: FeatureArray;
  readonly key: FeatureArray;
  readonly value: FeatureArray;
  readonly output: FeatureArray;
}

export const attentionArrays = ["query", "key", "value", "output"] as const;
export type AttentionArray = (typeof attentionArrays)[number];

/** Tokens of one of the arrays. */
export function tokensOf({ tokens, keyTokens = tokens }: Pick<AttentionFeatures, "tokens" | "keyTokens">, array: AttentionArray): number {
  return array === "key" || array === "value" ? keyTokens : tokens;
}
