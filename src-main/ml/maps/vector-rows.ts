/** @file The vectors of several pictures as the rows of one table, so that what is found in them means the same in all. */
import { assertComparable, type FeatureMap, tileCount, tileVector } from "./feature-map";
import type { TileMask } from "./tile-mask";

/** `data` is [count, channels]. */
export interface VectorRows {
  readonly count: number;
  readonly channels: number;
  readonly data: Float32Array;
}

/** A picture's feature map, and which of its tiles take part; all of them where there is no mask. */
export interface MaskedMap {
  readonly map: FeatureMap;
  readonly mask: TileMask | null;
}

/** The tiles that take part, picture by picture. Throws scoring/incompatible-features when the channels differ. */
export function jointRows(pictures: readonly MaskedMap[]): VectorRows {
  const [first, ...others] = pictures;
  if (first === undefined) return { count: 0, channels: 0, data: new Float32Array() };
  for (const other of others) assertComparable(first.map, other.map);
  const { channels } = first.map;
  const vectors = pictures.flatMap(({ map, mask }) =>
    Array.from({ length: tileCount(map) }, (_, tile) => tile).flatMap((tile) => (mask?.[tile] === 0 ? [] : [tileVector(map, tile)])),
  );
  const data = new Float32Array(vectors.length * channels);
  vectors.forEach((vector, row) => data.set(vector, row * channels));
  return { count: vectors.length, channels, data };
}

/** All tiles of one map, whether they take part or not. */
export function rowsOf(map: FeatureMap): VectorRows {
  return { count: tileCount(map), channels: map.channels, data: map.data };
}
