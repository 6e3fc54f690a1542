/**
 * @file Where a point of one picture lies in another: the pixel whose vector is most like its own, vectors of pixels being interpolated between those of tiles.
 * Source: Tang et al., "Emergent Correspondence from Image Diffusion", NeurIPS 2023, eval_spair.py of DIFT; get_correspondences.ipynb of CleanDIFT; Meng et al.,
 * "Not All Diffusion Model Activations ...", NeurIPS 2024, correspondence_utils.py of generic-diffusion-feature (quirks 46, 47 and 49).
 */
import { appError } from "#shared/domain/app-error";
import { norm } from "../tensor/linear-algebra";
import { interpolated, neighboursIn, type PixelSize, pixelLengths, vectorAt } from "./bilinear";
import { assertComparable, type FeatureMap } from "./feature-map";
import { firstLargest } from "./first-largest";
import { rowProducts } from "./row-products";
import type { TileMask } from "./tile-mask";
import { rowsOf } from "./vector-rows";

/** A point in pixels, from the top left. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A feature map and the size of the picture it is stretched over. */
export interface MappedPicture {
  readonly map: FeatureMap;
  readonly size: PixelSize;
  /** Tiles that take part; nothing is found in pixels nearer to another tile. */
  readonly mask?: TileMask | null;
}

export interface Correspondence extends Point {
  readonly cosine: number;
}

/** Gives the cosine of the vector at a pixel of one picture with those at all pixels of the other, [height, width]: 0 where a vector vanishes, NaN where tiles take no part. */
export type CosineField = (point: Point) => Float32Array;

/**
 * Prepares the question where points of `source` lie in `target`. Both maps are stretched over their pictures, bilinear.
 *
 * @throws scoring/incompatible-features when the channels differ; the field throws usage/invalid for a point that is no pixel
 */
export function cosineField(source: MappedPicture, target: MappedPicture): CosineField {
  assertComparable(source.map, target.map);
  const lengths = pixelLengths(target.map, target.size);
  const takesPart = pixelMask(target);
  const neighbours = neighboursIn(source.map, source.size);
  return (point) => {
    assertPixel(point, source.size);
    const wanted = vectorAt(source.map, neighbours(point.x, point.y));
    const length = norm(wanted);
    const products = interpolated(rowProducts(rowsOf(target.map), wanted), target.map, target.size);
    return Float32Array.from(products, (product, pixel) =>
      takesPart(pixel) ? product / (length * (lengths[pixel] as number)) || 0 : Number.NaN,
    );
  };
}

/** The most alike pixel for each point, as DIFT and CleanDIFT find it: of equal ones the first, row by row. Throws as {@link cosineField}. */
export function correspondingPoints(source: MappedPicture, points: readonly Point[], target: MappedPicture): readonly Correspondence[] {
  const fieldOf = cosineField(source, target);
  return points.map((point) => {
    const field = fieldOf(point);
    const best = firstLargest(field);
    return { x: best % target.size.width, y: Math.floor(best / target.size.width), cosine: field[best] as number };
  });
}

/**
 * The same as generic-diffusion-feature finds it: both pictures are taken for squares of `side` pixels, points go to the next pixel of them, half to even,
 * and what is found is scaled back, so that it need not be a whole pixel.
 */
export function correspondingPointsInSquare(
  source: MappedPicture,
  points: readonly Point[],
  { side, ...target }: MappedPicture & { readonly side: number },
): readonly Correspondence[] {
  const size = { width: side, height: side };
  // A point at the far border must not be rounded out of the square.
  const scaled = points.map(({ x, y }) => ({
    x: Math.min(side - 1, roundHalfEven((x * side) / source.size.width)),
    y: Math.min(side - 1, roundHalfEven((y * side) / source.size.height)),
  }));
  return correspondingPoints({ ...source, size }, scaled, { ...target, size }).map(({ x, y, cosine }) => ({
    x: (x * target.size.width) / side,
    y: (y * target.size.height) / side,
    cosine,
  }));
}

function pixelMask({ map, mask = null, size: { width, height } }: MappedPicture): (pixel: number) => boolean {
  if (mask === null) return () => true;
  return (pixel) => {
    const row = Math.floor(((Math.floor(pixel / width) + 0.5) * map.rows) / height);
    return mask[row * map.columns + Math.floor((((pixel % width) + 0.5) * map.columns) / width)] !== 0;
  };
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  return value - floor === 0.5 ? floor + (floor % 2) : Math.round(value);
}

function assertPixel({ x, y }: Point, { width, height }: PixelSize): void {
  const isInside = (at: number, size: number): boolean => Number.isInteger(at) && at >= 0 && at < size;
  if (isInside(x, width) && isInside(y, height)) return;
  throw appError("usage/invalid", `The point ${x},${y} is no pixel of a picture of ${width} x ${height} pixels.`, {
    hint: "Give X,Y in whole pixels from the top left.",
  });
}
