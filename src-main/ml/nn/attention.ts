/** @file Multi-head attention over tokens. Source: torch `F.scaled_dot_product_attention`; Vaswani et al. 2017. */
import type { GraphBuilder } from "../graph/graph-builder";
import { headAttention } from "../graph/head-attention";
import { microsoftDomain } from "../graph/opset";
import { shapeMismatch } from "../graph/shape-inference";
import { countPerItem, formatShape, knownSize, type Value } from "../graph/value";

export interface AttentionOptions {
  readonly heads: number;
  /** Factor of the scores; 1 / sqrt(C / heads) when left out. */
  readonly scale?: number;
  /** Added to the scores, e.g. a causal mask; broadcasts to [B, heads, T, S]. */
  readonly mask?: Value;
}

/** Separates the heads: [B, T, C] to [B, heads, T, C / heads]. */
export function splitHeads(g: GraphBuilder, x: Value, heads: number): Value {
  const [batch, tokens, channels] = x.shape;
  if (batch === undefined || tokens === undefined || typeof channels !== "number" || channels % heads !== 0) {
    throw shapeMismatch("splitHeads", `${formatShape(x.shape)} does not split into ${heads} heads`);
  }
  return g.transpose(g.reshape(x, [batch, tokens, heads, channels / heads]), [0, 2, 1, 3]);
}

/** Joins the heads again: [B, heads, T, D] to [B, T, heads * D]. */
export function mergeHeads(g: GraphBuilder, x: Value): Value {
  const [batch, heads, tokens, headDim] = x.shape;
  if (batch === undefined || tokens === undefined || typeof heads !== "number" || typeof headDim !== "number") {
    throw shapeMismatch("mergeHeads", `${formatShape(x.shape)} is not [batch, heads, tokens, headDim]`);
  }
  return g.reshape(g.transpose(x, [0, 2, 1, 3]), [batch, tokens, heads * headDim]);
}

/** Emits the rows of an attention alone, softmax(Q Kᵀ / sqrt(C / heads)): `query` [B, T, C], `key` [B, S, C], result [B, heads, T, S]. */
export function attentionMap(g: GraphBuilder, query: Value, key: Value, { heads }: { readonly heads: number }): Value {
  const scale = 1 / Math.sqrt((knownSize(query, -1) ?? heads) / heads);
  const keyColumns = g.transpose(splitHeads(g, key, heads), [0, 1, 3, 2]); // [B, heads, D, S]
  return g.softmax(g.matmul(g.scale(splitHeads(g, query, heads), scale), keyColumns, "attention"), -1);
}

/**
 * Emits softmax(Q Kᵀ scale) V with heads side by side in the channels, before any output projection:
 * `query` [B, T, C], `key` and `value` [B, S, C], result [B, T, C]. The form follows the builder's `attention`.
 */
export function scaledDotProductAttention(g: GraphBuilder, query: Value, key: Value, value: Value, options: AttentionOptions): Value {
  const { heads, mask } = options;
  const channels = knownSize(query, -1);
  if (channels === undefined || channels % heads !== 0 || knownSize(key, -1) !== channels) {
    throw shapeMismatch("attention", `${formatShape(query.shape)} and ${formatShape(key.shape)} do not fit ${heads} heads`);
  }
  const scale = options.scale ?? 1 / Math.sqrt(channels / heads);
  if (g.attention !== "fused" || mask !== undefined) {
    const operands = { query: splitHeads(g, query, heads), key: splitHeads(g, key, heads), value: splitHeads(g, value, heads) };
    return mergeHeads(g, headAttention(g, operands, mask === undefined ? { scale } : { scale, mask }));
  }
  g.countFlops("attention", 4 * countPerItem(query.shape) * countPerItem(key.shape.slice(1, 2)));
  const attributes = { num_heads: heads, scale: { float: scale } };
  return g.op("MultiHeadAttention", [query, key, value], attributes, { domain: microsoftDomain, dtype: query.dtype, shape: query.shape });
}
