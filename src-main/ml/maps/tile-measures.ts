/**
 * @file How like one tile is to every tile of a picture, in seven measures.
 * Source: Representation Similarity Explorer of J. Loos, `calc_similarities` of its worker (quirk 40 of the published code).
 */
import type { ScoringMode } from "#shared/domain/feature-recipe";
import { assertComparable, type FeatureMap, tileCount, tileVector } from "./feature-map";
import { firstLargest } from "./first-largest";
import type { TileMask } from "./tile-mask";

/** The measures under their published names. All but `rel-l2-norm` are likenesses: more is more alike. */
export const tileMeasures = ["cosine", "cosine_centered", "dot-product", "manhattan", "euclidean", "chebyshev", "rel-l2-norm"] as const;
export type TileMeasure = (typeof tileMeasures)[number];

/** Keeps quotients of vectors that vanish at 0. */
const guard = 1e-10;

export interface TileMeasurement {
  readonly measure: TileMeasure;
  /** The picture of the tile, which is counted row by row. */
  readonly of: FeatureMap;
  readonly tile: number;
  /** The picture the measures lie on. */
  readonly over: FeatureMap;
  /** Which tiles take part; all where it is left out. The others get NaN, and neither centre nor scale heeds them. */
  readonly masks?: { readonly of: TileMask; readonly over: TileMask };
  /** `published` gives NaN where all distances are 0, `corrected` 1. Corrected where it is left out. */
  readonly mode?: ScoringMode;
}

/**
 * One tile against every tile of a picture, [rows * columns].
 *
 *   cosine           a . b / |a| |b|
 *   cosine_centered  the same after the mean of both pictures' mean vectors is taken away
 *   dot-product      a . b / max |a . b|
 *   manhattan, euclidean, chebyshev   1 - d / max d, so the farthest tile has 0
 *   rel-l2-norm      (|b| - |a|) / max | |b| - |a| |, signed: 0 is as strong, not as alike
 *
 * Maxima are taken over the one picture, so only the cosines of two pictures can be compared.
 * @throws scoring/incompatible-features when the channels differ
 */
export function measureTile({ measure, of, tile, over, masks, mode = "corrected" }: TileMeasurement): Float32Array {
  assertComparable(of, over);
  const counts = (candidate: number): boolean => masks?.over[candidate] !== 0;
  const tiles = tileCount(over);
  const measured = rawMeasure(measure, { of, over, ...(masks === undefined ? {} : { masks }) });
  const query = tileVector(of, tile);
  const raw = Float64Array.from({ length: tiles }, (_, index) => (counts(index) ? measured(query, tileVector(over, index)) : Number.NaN));
  let largest = 0;
  for (const value of raw) largest = Math.max(largest, Number.isNaN(value) ? 0 : Math.abs(value));
  const scaled = scaling(measure, largest, mode);
  return Float32Array.from(raw, scaled);
}

type VectorMeasure = (a: Float32Array, b: Float32Array) => number;

/** The measure of two vectors before it is scaled. */
function rawMeasure(measure: TileMeasure, maps: Pick<TileMeasurement, "of" | "over" | "masks">): VectorMeasure {
  switch (measure) {
    case "cosine":
      return (a, b) => cosineAround(a, b, null);
    case "cosine_centered": {
      const centre = commonMean(maps);
      return (a, b) => cosineAround(a, b, centre);
    }
    case "dot-product":
      return (a, b) => sumOver(a, b, (x, y) => x * y);
    case "manhattan":
      return (a, b) => sumOver(a, b, (x, y) => Math.abs(x - y));
    case "euclidean":
      return (a, b) => Math.sqrt(sumOver(a, b, (x, y) => (x - y) ** 2));
    case "chebyshev":
      return (a, b) => a.reduce((most, x, i) => Math.max(most, Math.abs(x - (b[i] as number))), 0);
    case "rel-l2-norm":
      return (a, b) => Math.sqrt(sumOver(b, b, (x, y) => x * y)) - Math.sqrt(sumOver(a, a, (x, y) => x * y));
  }
}

/** How a raw measure is brought to the scale of the picture, whose largest absolute one is `largest`. */
function scaling(measure: TileMeasure, largest: number, mode: ScoringMode): (raw: number) => number {
  switch (measure) {
    case "cosine":
    case "cosine_centered":
      return (raw) => raw;
    case "dot-product":
    case "rel-l2-norm":
      return (raw) => raw / (largest + guard);
    case "manhattan":
    case "euclidean":
    case "chebyshev":
      return largest === 0 && mode === "corrected" ? (raw) => 1 - raw : (raw) => 1 - raw / largest;
  }
}

function sumOver(a: Float32Array, b: Float32Array, term: (x: number, y: number) => number): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += term(a[i] as number, b[i] as number);
  return sum;
}

function cosineAround(a: Float32Array, b: Float32Array, centre: Float64Array | null): number {
  let product = 0;
  let squaresA = 0;
  let squaresB = 0;
  for (let i = 0; i < a.length; i++) {
    const middle = centre === null ? 0 : (centre[i] as number);
    const x = (a[i] as number) - middle;
    const y = (b[i] as number) - middle;
    product += x * y;
    squaresA += x * x;
    squaresB += y * y;
  }
  return product / (Math.sqrt(squaresA) * Math.sqrt(squaresB) + guard);
}

/** The mean of the mean vectors of both pictures. */
function commonMean({ of, over, masks }: Pick<TileMeasurement, "of" | "over" | "masks">): Float64Array {
  const ofMean = meanVector(of, masks?.of);
  const overMean = meanVector(over, masks?.over);
  return ofMean.map((x, i) => (x + (overMean[i] as number)) / 2);
}

function meanVector(map: FeatureMap, mask: TileMask | undefined): Float64Array {
  const mean = new Float64Array(map.channels);
  let count = 0;
  for (let tile = 0; tile < tileCount(map); tile++) {
    if (mask?.[tile] === 0) continue;
    count++;
    tileVector(map, tile).forEach((x, i) => (mean[i] = (mean[i] as number) + x));
  }
  return mean.map((x) => x / Math.max(1, count));
}

/** What stands under a map. `best` is the first tile of the largest value. */
export interface MapSummary {
  readonly mean: number;
  /** Of the tiles as a population. */
  readonly std: number;
  readonly best: number;
}

/** Mean, spread and best tile over the tiles that have a value; null where none has. */
export function summarizeMap(values: Float32Array): MapSummary | null {
  const present = values.filter((value) => !Number.isNaN(value));
  if (present.length === 0) return null;
  const mean = present.reduce((sum, value) => sum + value, 0) / present.length;
  const variance = present.reduce((sum, value) => sum + (value - mean) ** 2, 0) / present.length;
  return { mean, std: Math.sqrt(variance), best: firstLargest(values) };
}
