/** @file Where in a picture the content of one tile is found: cosine of its token with every patch token. */
import { appError } from "#shared/domain/app-error";
import type { AttentionFeatures } from "./attention-features";
import { widened } from "./feature-array";

/** Which of a token's vectors are compared; the attention output unless said otherwise. */
export type TokenVector = "query" | "key" | "value" | "output";

/**
 * Cosine of patch `tile` of `source` (row by row from 0) with every patch of `target`, heads and channels taken together.
 * @returns [rows * columns of target], in [-1, 1]; 0 where a vector vanishes
 * @throws scoring/incompatible-features when the features are of different layers or `tile` is outside the picture
 */
export function similarityMap(
  source: AttentionFeatures,
  tile: number,
  target: AttentionFeatures,
  vector: TokenVector = "output",
): Float32Array {
  const patches = source.grid.rows * source.grid.columns;
  if (source.heads !== target.heads || source.headDim !== target.headDim || !Number.isInteger(tile) || tile < 0 || tile >= patches) {
    throw appError("scoring/incompatible-features", `Tile ${tile} of ${patches} cannot be compared with the other picture.`, {
      hint: "Both pictures must be indexed with the same model and layer.",
    });
  }
  const wanted = tokenNormalized(source, widened(source[vector]), source.grid.prefix + tile);
  const values = widened(target[vector]);
  return Float32Array.from({ length: target.grid.rows * target.grid.columns }, (_, patch) => {
    const found = tokenNormalized(target, values, target.grid.prefix + patch);
    return found.reduce((sum, x, i) => sum + x * (wanted[i] as number), 0);
  });
}

/** The vector of one token over all heads, of unit length. */
function tokenNormalized({ heads, tokens, headDim }: AttentionFeatures, values: Float32Array, token: number): Float64Array {
  const vector = new Float64Array(heads * headDim);
  for (let head = 0; head < heads; head++) {
    const start = (head * tokens + token) * headDim;
    vector.set(values.subarray(start, start + headDim), head * headDim);
  }
  const length = Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
  return length === 0 ? vector : vector.map((x) => x / length);
}
