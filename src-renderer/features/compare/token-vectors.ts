/** @file Feature vectors of the patches of a picture, and the cosine maps that hovering a tile asks for. Pure and fast: one map is one pass. */
import type { TokenGrid } from "#shared/domain/score";

/** `data` is [rows * columns, channels], row by row; every vector has unit length (or is zero). */
export interface TokenVectors {
  readonly grid: TokenGrid;
  readonly channels: number;
  readonly data: Float32Array;
}

/** `cosine`: the angle as the score sees it. `centred`: after the mean of both pictures was taken away, so 0 means "as alike as any two tiles". */
export const similarityMeasures = ["cosine", "centred"] as const;
export type TileMeasure = (typeof similarityMeasures)[number];

/**
 * Reads the body of a tokens request.
 *
 * @param shape the header `x-semblance-shape`: "rows,columns,channels"
 * @throws when header and body disagree; a map over misread vectors would look right and be wrong
 */
export function parseTokenVectors(body: ArrayBuffer, shape: string | null): TokenVectors {
  const [rows = 0, columns = 0, channels = 0] = (shape ?? "").split(",").map(Number);
  const isWhole = [rows, columns, channels].every((size) => Number.isInteger(size) && size > 0);
  if (!isWhole) throw new Error(`The tokens have no readable shape: "${shape ?? ""}"`);
  if (body.byteLength !== rows * columns * channels * 4) {
    throw new Error(
      `The tokens hold ${body.byteLength} bytes, expected ${rows * columns * channels * 4} for ${rows} x ${columns} x ${channels}`,
    );
  }
  return { grid: { rows, columns }, channels, data: new Float32Array(body) };
}

export function tileCount(grid: TokenGrid): number {
  return grid.rows * grid.columns;
}

/**
 * Cosine of one tile's vector with every tile of a picture (its own or another of the same recipe).
 *
 * @param of   the picture of the tile; its vectors are [tiles, channels]
 * @param tile index of the tile in `of`, row by row
 * @param over the picture the map lies on, with the same channels
 * @returns [tiles of `over`], in -1..1
 */
export function similarityMap(of: TokenVectors, tile: number, over: TokenVectors): Float32Array {
  const { channels } = over;
  if (of.channels !== channels) throw new Error(`Tiles of ${of.channels} and ${channels} channels cannot be compared`);
  const map = new Float32Array(tileCount(over.grid));
  const query = of.data.subarray(tile * channels, (tile + 1) * channels);
  const { data } = over;
  for (let index = 0, start = 0; index < map.length; index++, start += channels) {
    let dot = 0;
    for (let channel = 0; channel < channels; channel++) dot += (query[channel] as number) * (data[start + channel] as number);
    map[index] = dot;
  }
  return map;
}

/** Takes the mean of all tiles of both pictures away and brings every vector back to unit length. */
export function centredTogether(a: TokenVectors, b: TokenVectors): readonly [TokenVectors, TokenVectors] {
  const { channels } = a;
  const mean = new Float64Array(channels);
  for (const { data } of [a, b])
    for (let index = 0; index < data.length; index++) mean[index % channels] = (mean[index % channels] ?? 0) + (data[index] ?? 0);
  const tiles = tileCount(a.grid) + tileCount(b.grid);
  for (let channel = 0; channel < channels; channel++) mean[channel] = (mean[channel] ?? 0) / tiles;
  return [withoutMean(a, mean), withoutMean(b, mean)];
}

function withoutMean(vectors: TokenVectors, mean: Float64Array): TokenVectors {
  const { channels } = vectors;
  const data = new Float32Array(vectors.data.length);
  for (let start = 0; start < data.length; start += channels) {
    let squares = 0;
    for (let channel = 0; channel < channels; channel++) {
      const value = (vectors.data[start + channel] ?? 0) - (mean[channel] ?? 0);
      data[start + channel] = value;
      squares += value * value;
    }
    const scale = squares > 1e-12 ? 1 / Math.sqrt(squares) : 0;
    for (let channel = 0; channel < channels; channel++) data[start + channel] = (data[start + channel] ?? 0) * scale;
  }
  return { ...vectors, data };
}

export interface BestTile {
  readonly tile: number;
  readonly score: number;
}

/** The tile of the highest value, without `except` (the tile itself when the map lies on its own picture). */
export function bestTile(map: ArrayLike<number>, except: number | null = null): BestTile {
  let tile = except === 0 && map.length > 1 ? 1 : 0;
  for (let index = 0; index < map.length; index++) {
    if (index !== except && (map[index] ?? -Infinity) > (map[tile] ?? -Infinity)) tile = index;
  }
  return { tile, score: map[tile] ?? Number.NaN };
}

/** Mean and spread (population standard deviation) of a map. */
export function mapSummary(map: ArrayLike<number>): { readonly mean: number; readonly spread: number } {
  let sum = 0;
  for (let index = 0; index < map.length; index++) sum += map[index] ?? 0;
  const mean = sum / Math.max(1, map.length);
  let squares = 0;
  for (let index = 0; index < map.length; index++) squares += ((map[index] ?? 0) - mean) ** 2;
  return { mean, spread: Math.sqrt(squares / Math.max(1, map.length)) };
}
