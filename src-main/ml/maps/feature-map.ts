/** @file The feature vectors of a picture's tiles on their grid: what everything in this folder is computed from. */
import { appError } from "#shared/domain/app-error";
import type { TokenGrid } from "#shared/domain/score";
import type { AttentionFeatures } from "../scoring/attention-features";
import { widened } from "../scoring/feature-array";
import { assertFinite } from "../tensor/finite";
import type { Tensor } from "../tensor/tensor";

/** `data` is [rows, columns, channels]: the vector of each tile, row by row. */
export interface FeatureMap extends TokenGrid {
  readonly channels: number;
  readonly data: Float32Array;
}

/** How many tiles a grid has. */
export function tileCount({ rows, columns }: TokenGrid): number {
  return rows * columns;
}

/** The vector of a tile, counted row by row: a view, not a copy. */
export function tileVector({ channels, data }: FeatureMap, tile: number): Float32Array {
  return data.subarray(tile * channels, (tile + 1) * channels);
}

/** Throws scoring/incompatible-features unless vectors of both maps can be compared. */
export function assertComparable(a: FeatureMap, b: FeatureMap): void {
  if (a.channels === b.channels) return;
  throw appError("scoring/incompatible-features", `Maps of ${a.channels} and of ${b.channels} channels cannot be compared.`, {
    hint: "Both must come from the same tap of the same model.",
  });
}

/** A feature map of what a convolution gives: [channels, rows, columns]. */
export function mapOfChannels([channels = 0, rows = 0, columns = 0]: readonly number[], values: Float32Array): FeatureMap {
  const data = new Float32Array(values.length);
  const tiles = rows * columns;
  for (let channel = 0; channel < channels; channel++) {
    for (let tile = 0; tile < tiles; tile++) data[tile * channels + channel] = values[channel * tiles + tile] as number;
  }
  return { rows, columns, channels, data };
}

/** A feature map of the attention outputs of the patches, heads side by side; class and register tokens are left out. */
export function mapOfAttention({ heads, tokens, headDim, grid, output }: AttentionFeatures): FeatureMap {
  return mapOfHeads([heads, tokens, headDim], widened(output), grid);
}

/** A feature map of [heads, tokens, headDim], of which the first tokens, as far as there are more than tiles, are no patches. */
function mapOfHeads(
  [heads = 0, tokens = 0, headDim = 0]: readonly number[],
  values: Float32Array,
  { rows, columns }: TokenGrid,
): FeatureMap {
  const prefix = tokens - rows * columns;
  const channels = heads * headDim;
  const data = new Float32Array(rows * columns * channels);
  for (let head = 0; head < heads; head++) {
    for (let tile = 0; tile < rows * columns; tile++) {
      const from = (head * tokens + prefix + tile) * headDim;
      data.set(values.subarray(from, from + headDim), tile * channels + head * headDim);
    }
  }
  return { rows, columns, channels, data };
}

/**
 * A feature map of a tapped value without batch axis.
 *
 *   [channels, rows, columns] of convolutions and whole blocks
 *   [tokens, channels] and [heads, tokens, channels of a head] of transformers on a square grid; tokens before the patches are left out
 *   any of these once more for each guidance row: the rows become channels side by side, as the metrics compare them
 *
 * @throws tap/unknown when the value is none of these, weights/not-finite
 */
export function mapOfTap(name: string, value: Tensor): FeatureMap {
  const map = value.dtype === "float32" ? readTap(value.shape, value.data, name) : null;
  if (map === null) {
    throw appError("tap/unknown", `${name} is [${value.shape.join(", ")}], which is no map of a picture.`, {
      hint: "Choose the output of a block, or the query, key, value or attention output of a self-attention.",
    });
  }
  assertFinite(name, map.data);
  return map;
}

/** Values whose middle axis is tokens, even where the last one is as long: those of heads, and attention maps, whose channels are what is looked at. */
const namedTokens = /\.(?:q|k|v|sdpa|map)$|-map$/;

function readTap(shape: readonly number[], values: Float32Array, name: string): FeatureMap | null {
  // Guidance rows, heads and channels of a head end as channels of a tile, in this order.
  const [first = 1, second = 1, third = 1] = shape.length === 4 ? [(shape[0] ?? 1) * (shape[1] ?? 1), ...shape.slice(2)] : shape;
  if (shape.length === 2) return readTokens([1, first, second], values);
  if (shape.length !== 3 && shape.length !== 4) return null;
  const isGrid = second === third && !namedTokens.test(name);
  return isGrid ? mapOfChannels([first, second, third], values) : readTokens([first, second, third], values);
}

/** How many class and register tokens there may be before the patches. */
const prefixes = [0, 1, 5] as const;

function readTokens([heads, tokens, headDim]: readonly [number, number, number], values: Float32Array): FeatureMap | null {
  const sides = prefixes.map((prefix) => Math.sqrt(tokens - prefix));
  const side = sides.find((candidate) => Number.isInteger(candidate) && candidate > 0);
  return side === undefined ? null : mapOfHeads([heads, tokens, headDim], values, { rows: side, columns: side });
}
