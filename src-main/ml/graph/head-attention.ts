/** @file Scaled dot product attention over separate heads from plain operators: what runs alike on every device. */
import type { GraphBuilder } from "./graph-builder";
import { defaultTileBytes } from "./opset";
import { countPerItem, knownSize, type Value } from "./value";

export interface HeadAttentionOptions {
  /** Factor of the scores; 1 / sqrt(D) when left out. */
  readonly scale?: number;
  /** Added to the scores before the softmax; broadcasts to [B, H, T, S]. */
  readonly mask?: Value;
  /** The scores of one tile take at most this many bytes; what the builder was told when left out. */
  readonly maxScoreBytes?: number;
}

/** One run of query tokens: their attention rows and what they gather. */
export interface AttentionTile {
  /** [B, H, tile, S], rows sum to one. */
  readonly probabilities: Value;
  /** [B, H, tile, D] */
  readonly output: Value;
}

/**
 * Attention of `query` [B, H, T, D] to `key` and `value` [B, H, S, D], cut along the query tokens so that the scores of a tile stay small
 * (8 heads over 4096 x 4096 tokens are half a gigabyte). Batch axes broadcast. Tiles are in token order.
 */
export function attentionTiles(
  g: GraphBuilder,
  operands: { readonly query: Value; readonly key: Value; readonly value: Value },
  options: HeadAttentionOptions = {},
): readonly AttentionTile[] {
  const { query, key, value } = operands;
  const scaled = g.scale(query, options.scale ?? 1 / Math.sqrt(knownSize(query, -1) ?? 1));
  const keyColumns = g.transpose(key, [0, 1, 3, 2]); // [B, H, D, S]
  return tileRanges(query, key, options.maxScoreBytes ?? tileBytesOf(g)).map(([start, end]) => {
    const scores = g.matmul(end === undefined ? scaled : g.slice(scaled, { axis: 2, start, end }), keyColumns, "attention");
    const masked = options.mask === undefined ? scores : g.add(scores, maskTile(g, options.mask, { start, end }));
    const probabilities = g.softmax(masked, -1);
    return { probabilities, output: g.matmul(probabilities, value, "attention") };
  });
}

/** The outputs of {@link attentionTiles} joined: [B, H, T, D]. */
export function headAttention(
  g: GraphBuilder,
  operands: { readonly query: Value; readonly key: Value; readonly value: Value },
  options: HeadAttentionOptions = {},
): Value {
  return g.concat(
    attentionTiles(g, operands, options).map((tile) => tile.output),
    2,
  );
}

function tileBytesOf({ attention }: GraphBuilder): number {
  return typeof attention === "object" ? attention.tileBytes : defaultTileBytes;
}

function tileRanges(query: Value, key: Value, maxScoreBytes: number): readonly (readonly [number, number | undefined])[] {
  const tokens = knownSize(query, 2);
  if (tokens === undefined) return [[0, undefined]];
  const scoreBytes = 4 * countPerItem(query.shape.slice(0, 3)) * countPerItem(key.shape.slice(2, 3));
  const tiles = Math.min(tokens, Math.ceil(scoreBytes / maxScoreBytes));
  if (tiles <= 1) return [[0, undefined]];
  const size = Math.ceil(tokens / tiles);
  return Array.from({ length: Math.ceil(tokens / size) }, (_, i) => [i * size, Math.min(tokens, (i + 1) * size)] as const);
}

/** The rows of a mask that belong to a tile; a mask with one row serves all. */
function maskTile(g: GraphBuilder, mask: Value, range: { readonly start: number; readonly end: number | undefined }): Value {
  if (range.end === undefined || mask.shape.at(-2) === 1) return mask;
  return g.slice(mask, { axis: mask.shape.length - 2, start: range.start, end: range.end });
}
