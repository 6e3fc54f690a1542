/**
 * @file Enlarging a feature map to the pixels of its picture, without ever holding a vector for each pixel: what is linear is enlarged in its stead, and the
 * lengths follow from the products of neighbouring tiles.
 * Source: PyTorch `interpolate(mode="bilinear", align_corners=False)`: pixel centres, the outermost tiles repeated.
 */
import type { TokenGrid } from "#shared/domain/score";
import { dot } from "../tensor/linear-algebra";
import { type FeatureMap, tileCount, tileVector } from "./feature-map";

export interface PixelSize {
  readonly width: number;
  readonly height: number;
}

/** Along one side: the two tiles a pixel lies between, and the share of the second. */
interface Axis {
  readonly lower: Int32Array;
  readonly upper: Int32Array;
  readonly upperShare: Float64Array;
}

function bilinearAxis(tiles: number, pixels: number): Axis {
  const lower = new Int32Array(pixels);
  const upper = new Int32Array(pixels);
  const upperShare = new Float64Array(pixels);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const place = Math.max(0, ((pixel + 0.5) * tiles) / pixels - 0.5);
    const first = Math.min(tiles - 1, Math.floor(place));
    lower[pixel] = first;
    upper[pixel] = Math.min(tiles - 1, first + 1);
    upperShare[pixel] = place - first;
  }
  return { lower, upper, upperShare };
}

/** The four tiles around a pixel (of the upper row, then of the lower) and their shares, which sum to 1. */
export interface Neighbours {
  readonly tiles: readonly [number, number, number, number];
  readonly shares: readonly [number, number, number, number];
}

/** Gives the tiles around every pixel of a picture of `size` under `grid`. */
export function neighboursIn({ rows, columns }: TokenGrid, { width, height }: PixelSize): (x: number, y: number) => Neighbours {
  const across = bilinearAxis(columns, width);
  const down = bilinearAxis(rows, height);
  return (x, y) => {
    const [top, bottom] = [(down.lower[y] as number) * columns, (down.upper[y] as number) * columns];
    const [left, right] = [across.lower[x] as number, across.upper[x] as number];
    const [toBottom, toRight] = [down.upperShare[y] as number, across.upperShare[x] as number];
    return {
      tiles: [top + left, top + right, bottom + left, bottom + right],
      shares: [(1 - toBottom) * (1 - toRight), (1 - toBottom) * toRight, toBottom * (1 - toRight), toBottom * toRight],
    };
  };
}

/** The interpolated vector at a pixel. */
export function vectorAt(map: FeatureMap, { tiles, shares }: Neighbours): Float32Array {
  const vector = new Float64Array(map.channels);
  tiles.forEach((tile, corner) => {
    const share = shares[corner] ?? 0;
    tileVector(map, tile).forEach((value, i) => (vector[i] = (vector[i] as number) + share * value));
  });
  return Float32Array.from(vector);
}

/** Length of the interpolated vector at every pixel, [height, width]. */
export function pixelLengths(map: FeatureMap, size: PixelSize): Float64Array {
  const productsAt = cornerProducts(map);
  return everyPixel(map, size, ({ tiles, shares: [a, b, c, d] }) => {
    const p = productsAt(tiles);
    const squares = a * a * p[0]! + b * b * p[1]! + c * c * p[2]! + d * d * p[3]!;
    const mixed = a * b * p[4]! + a * c * p[5]! + a * d * p[6]! + b * c * p[7]! + b * d * p[8]! + c * d * p[9]!;
    return Math.sqrt(Math.max(0, squares + 2 * mixed));
  });
}

/** A number for each tile, interpolated at every pixel, [height, width]. */
export function interpolated(values: Float64Array, grid: TokenGrid, size: PixelSize): Float64Array {
  return everyPixel(grid, size, ({ tiles, shares }) => {
    let sum = 0;
    for (let corner = 0; corner < 4; corner++) sum += (shares[corner] as number) * (values[tiles[corner] as number] as number);
    return sum;
  });
}

function everyPixel(grid: TokenGrid, { width, height }: PixelSize, numberAt: (neighbours: Neighbours) => number): Float64Array {
  const neighbours = neighboursIn(grid, { width, height });
  const numbers = new Float64Array(width * height);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) numbers[y * width + x] = numberAt(neighbours(x, y));
  return numbers;
}

/** Pairs of the four tiles around a pixel: each with itself, then each two. */
const cornerPairs = [
  [0, 0],
  [1, 1],
  [2, 2],
  [3, 3],
  [0, 1],
  [0, 2],
  [0, 3],
  [1, 2],
  [1, 3],
  [2, 3],
] as const;

/** Dot products of the tiles around a pixel, in the order of the pairs; made once for all pixels between the same tiles, which the first one tells. */
function cornerProducts(map: FeatureMap): (tiles: Neighbours["tiles"]) => Float64Array {
  const known: (Float64Array | undefined)[] = Array.from({ length: tileCount(map) });
  return (tiles) => {
    const products =
      known[tiles[0]] ?? Float64Array.from(cornerPairs, ([one, other]) => dot(tileVector(map, tiles[one]), tileVector(map, tiles[other])));
    known[tiles[0]] = products;
    return products;
  };
}
