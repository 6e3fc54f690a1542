/** @file How tapped values are given out: what belongs to places of the picture as feature maps, whatever the network holds them as. */
import { reverseColumns } from "../../tensor/reverse-columns";
import { tensor, type Float32Tensor, type Shape } from "../../tensor/tensor";
import type { ResolvedTap } from "../tap-names/resolve-taps";

/**
 * The value of one tap for one row of the batch: feature maps and tokens of the picture [channels, rows, columns], heads side by side in the channels;
 * query, key, value and attention output asked for by their module path [heads, tokens, headDim]; attention maps [heads, tokens, tokens looked at];
 * tokens of the prompt [tokens, channels].
 *
 * @param row as the network gives it, without the batch axis
 */
export function featureOf(tap: ResolvedTap, row: Float32Tensor): Float32Tensor {
  switch (kindOf(tap, row.shape)) {
    case "split-heads":
      return tokensToMap(mergeHeads(row));
    case "tokens":
      return tokensToMap(row);
    case "as-it-is":
      return row;
  }
}

/** The shape of `featureOf` for a row of `shape`. */
export function featureShape(tap: ResolvedTap, shape: Shape): Shape {
  const [first = 1, second = 1, third = 1] = shape;
  switch (kindOf(tap, shape)) {
    case "split-heads":
      return mapShape(second, first * third);
    case "tokens":
      return mapShape(first, second);
    case "as-it-is":
      return shape;
  }
}

type Kind = "split-heads" | "tokens" | "as-it-is";

function kindOf(tap: ResolvedTap, shape: Shape): Kind {
  if (isAttentionMap(tap) || isSplitInHeads(tap)) return "as-it-is";
  if (/\.(?:q|k|v|sdpa)$/.test(tap.path)) return "split-heads";
  return shape.length === 2 ? "tokens" : "as-it-is";
}

/** Tokens become a map where they make a square, since pictures enter squashed to squares. Other numbers of tokens are those of a prompt and stay. */
function mapShape(tokens: number, channels: number): Shape {
  const side = Math.sqrt(tokens);
  return Number.isInteger(side) ? [channels, side, side] : [tokens, channels];
}

/** What a tap shows of a mirror image, turned back: the columns of the picture change places, in whichever axes they are. */
export function turnedBack(tap: ResolvedTap, feature: Float32Tensor): Float32Tensor {
  const [, tokens = 1, last = 1] = feature.shape;
  if (feature.shape.length !== 3) return feature;
  if (isAttentionMap(tap)) {
    const looking = reverseTokens(feature, tokens, last);
    return tap.path.endsWith(".attn1.map") ? reverseTokens(looking, last, 1) : looking;
  }
  return isSplitInHeads(tap) ? reverseTokens(feature, tokens, last) : reverseColumns(feature, last, 1);
}

function isAttentionMap({ path }: ResolvedTap): boolean {
  return path.endsWith(".map");
}

function isSplitInHeads({ name }: ResolvedTap): boolean {
  return /\.(?:q|k|v|sdpa)$/.test(name);
}

/** [heads, T, headDim] to [T, heads * headDim]. */
function mergeHeads({ shape, data }: Float32Tensor): Float32Tensor {
  const [heads = 1, tokens = 1, headDim = 1] = shape;
  const merged = new Float32Array(data.length);
  for (let head = 0; head < heads; head++) {
    for (let token = 0; token < tokens; token++) {
      const from = (head * tokens + token) * headDim;
      merged.set(data.subarray(from, from + headDim), (token * heads + head) * headDim);
    }
  }
  return tensor([tokens, heads * headDim], merged);
}

/** [T, C] to [C, H, W] where the tokens make a square. */
function tokensToMap(value: Float32Tensor): Float32Tensor {
  const [tokens = 1, channels = 1] = value.shape;
  const shape = mapShape(tokens, channels);
  if (shape.length === 2) return value;
  const map = new Float32Array(value.data.length);
  for (let token = 0; token < tokens; token++) {
    for (let channel = 0; channel < channels; channel++) map[channel * tokens + token] = value.data[token * channels + channel] ?? 0;
  }
  return tensor(shape, map);
}

/** Mirrors an axis that holds a square of tokens, row by row; `inner` numbers belong to each. */
function reverseTokens(value: Float32Tensor, tokens: number, inner: number): Float32Tensor {
  const side = Math.sqrt(tokens);
  return Number.isInteger(side) ? reverseColumns(value, side, inner) : value;
}
