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
  const vectors = pictures.flatMap((picture) => tilesTakingPart(picture).map((tile) => tileVector(picture.map, tile)));
  const data = new Float32Array(vectors.length * channels);
  vectors.forEach((vector, row) => data.set(vector, row * channels));
  return { count: vectors.length, channels, data };
}

/** The tiles of the rows of {@link jointRows} of one picture. */
export function tilesTakingPart({ map, mask }: MaskedMap): readonly number[] {
  return Array.from({ length: tileCount(map) }, (_, tile) => tile).filter((tile) => mask?.[tile] !== 0);
}

/** A row of a table: a view, not a copy. */
export function rowVector({ channels, data }: VectorRows, row: number): Float32Array {
  return data.subarray(row * channels, (row + 1) * channels);
}

/** All tiles of one map, whether they take part or not. */
export function rowsOf(map: FeatureMap): VectorRows {
  return { count: tileCount(map), channels: map.channels, data: map.data };
}
