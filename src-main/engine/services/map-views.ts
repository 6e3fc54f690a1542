/** @file What each kind of map shows and tells: colours of the tiles, marks, and the numbers behind them. */
import { appError } from "#shared/domain/app-error";
import type { ScoringMode } from "#shared/domain/feature-recipe";
import { projectToColours } from "../../ml/maps/colour-projection";
import { judgeKeypoints, type KeypointBox, longerSide } from "../../ml/maps/correct-keypoints";
import {
  correspondingPoints,
  correspondingPointsInSquare,
  cosineField,
  type MappedPicture,
  type Point,
} from "../../ml/maps/correspondence";
import { matchTiles } from "../../ml/maps/dense-matches";
import type { FeatureMap } from "../../ml/maps/feature-map";
import { clusterRows } from "../../ml/maps/segments";
import { maskAnomalies, type TileMask, tileNorms } from "../../ml/maps/tile-mask";
import { measureTile, summarizeMap, type TileMeasure } from "../../ml/maps/tile-measures";
import { jointRows } from "../../ml/maps/vector-rows";
import type { RawImage } from "../../platform/raw-image";
import { type Box, valueColours } from "../heatmap/canvas";
import type { Rgb } from "../heatmap/cividis";
import { divergingColour, kindColour, wheelColour } from "../heatmap/colours";
import type { MapPanel } from "../heatmap/map-picture";
import { placeOf, type TilePlace, tileUnder } from "./covered-area";

/** A picture as a model sees it. */
export interface PictureMap {
  readonly path: string;
  readonly image: RawImage;
  /** The part of the picture the map lies on. */
  readonly area: Box;
  readonly map: FeatureMap;
  /** Which tiles take part; null is all. */
  readonly mask: TileMask | null;
}

type Numbers = Readonly<Record<string, unknown>>;

/** One kind of map of one or two pictures. */
export interface MapView {
  /** How each picture is drawn. */
  readonly layers: readonly Omit<MapPanel, "image" | "area" | "grid">[];
  /** What is true of the whole; what is no number is left as NaN. */
  readonly numbers: Numbers;
  /** What is true of each picture. */
  readonly ofPictures: readonly Numbers[];
}

/** Points of the first picture to find in the second, and where they should be found. */
export interface Keypoints {
  readonly points: readonly Point[];
  readonly expected: { readonly points: readonly Point[]; readonly box: KeypointBox | null; readonly alpha: number } | null;
  /** Both pictures are taken for squares of this side, as generic-diffusion-feature does; null takes them as they are, as DIFT and CleanDIFT do. */
  readonly squareSide: number | null;
}

const tokenOpacity = 0.75;
const maskedColour: Rgb = [52, 52, 52];
/** Measures whose 0 has a meaning. */
const signedMeasures: readonly TileMeasure[] = ["cosine_centered", "rel-l2-norm"];

export interface MeasureOrder {
  readonly measure: TileMeasure;
  /** A pixel of the first picture. */
  readonly at: Point;
  readonly mode: ScoringMode;
}

/** The tile under a point of the first picture against all tiles. Throws usage/invalid when the model does not see the point. */
export function measureView(pictures: readonly PictureMap[], { measure, at, mode }: MeasureOrder): MapView {
  const [first] = pictures as readonly [PictureMap];
  const tile = tileUnder(at, first.area, first.map);
  if (tile === null) throw outside(at, first);
  const maps = pictures.map(({ map, mask }) => {
    const masks = first.mask === null || mask === null ? {} : { masks: { of: first.mask, over: mask } };
    const values = measureTile({ measure, of: first.map, tile, over: map, mode, ...masks });
    return { values, summary: summarizeMap(values) };
  });
  const range = rangeOf(maps.map(({ values }) => values));
  const reach = Math.max(Math.abs(range.low), Math.abs(range.high)) || 1;
  return {
    layers: maps.map(({ values, summary }, i) => ({
      ...layer(
        pictures[i],
        signedMeasures.includes(measure) ? (at) => divergingColour((values[at] ?? 0) / reach) : valueColours(values, range),
      ),
      outlined: i === 0 ? [tile] : summary === null ? [] : [summary.best],
    })),
    numbers: { at: placeOf(tile, first.map, first.area), range: [range.low, range.high] },
    ofPictures: maps.map(({ values, summary }, i) => ({
      values: [...values],
      mean: summary?.mean ?? null,
      std: summary?.std ?? null,
      best: summary === null ? null : { ...placeIn(pictures[i], summary.best), value: values[summary.best] },
    })),
  };
}

/** Lengths of the vectors; anomalies are outlined unless they are left out. */
export function normView(pictures: readonly PictureMap[]): MapView {
  const maps = pictures.map(({ map, mask }) => {
    const norms = tileNorms(map);
    const anomalies = [...maskAnomalies(map).entries()].flatMap(([tile, takesPart]) => (takesPart === 0 ? [tile] : []));
    return { values: mask === null ? norms : norms.map((norm, tile) => (mask[tile] === 0 ? Number.NaN : norm)), anomalies };
  });
  const range = rangeOf(maps.map(({ values }) => values));
  return {
    layers: maps.map(({ values, anomalies }, i) => ({
      ...layer(pictures[i], valueColours(values, range)),
      flagged: pictures[i]?.mask === null ? anomalies : [],
    })),
    numbers: { range: [range.low, range.high] },
    ofPictures: maps.map(({ values, anomalies }, i) => ({
      values: [...values],
      anomalies: anomalies.map((tile) => placeIn(pictures[i], tile)),
    })),
  };
}

/** The three directions in which all tiles differ most, as red, green and blue. */
export function colourView(pictures: readonly PictureMap[], mode: ScoringMode): MapView {
  const { variances, shares, projections, pictures: coloured } = projectToColours(pictures, mode);
  return {
    layers: pictures.map((picture, i) => ({
      ...layer(picture, (tile) => {
        const [red = 0, green = 0, blue = 0] = coloured[i]?.subarray(3 * tile) ?? [];
        return [red, green, blue];
      }),
      opacity: 1,
    })),
    numbers: { components: variances.length, variances, shares },
    ofPictures: pictures.map((_, i) => ({ projection: [...(projections[i] ?? [])], colours: [...(coloured[i] ?? [])] })),
  };
}

/** Tiles sorted into segments, the same in all pictures. */
export function segmentView(pictures: readonly PictureMap[], count: number, seed: number): MapView {
  const { labels, centroids, inertia, iterations } = clusterRows(jointRows(pictures), count, seed);
  let next = 0;
  const maps = pictures.map(({ map, mask }) =>
    Array.from({ length: map.rows * map.columns }, (_, tile) => (mask?.[tile] === 0 ? null : (labels[next++] ?? null))),
  );
  const sizeOf = (segment: number): number => labels.reduce((sum, label) => sum + (label === segment ? 1 : 0), 0);
  return {
    layers: maps.map((map, i) => layer(pictures[i], (tile) => kindColour(map[tile] ?? 0, centroids.length))),
    numbers: { segments: centroids.map((_, segment) => ({ segment, tiles: sizeOf(segment) })), inertia, iterations, seed },
    ofPictures: maps.map((map) => ({ labels: map })),
  };
}

/** Every tile of both pictures in the colour of its like: the first picture carries a colour wheel, the second the colours of what it matches. */
export function denseView(a: PictureMap, b: PictureMap): MapView {
  const matches = matchTiles(a, b);
  const wheel = (tile: number): Rgb => {
    const { row, column } = placeIn(a, tile);
    return wheelColour((2 * column + 1) / a.map.columns - 1, (2 * row + 1) / a.map.rows - 1);
  };
  const ofB = (tile: number): Rgb => {
    const match = matches.b.match[tile] ?? -1;
    return match < 0 ? maskedColour : wheel(match);
  };
  return {
    layers: [layer(a, wheel), layer(b, ofB)],
    numbers: { mutual: matches.a.isMutual.reduce((sum, one) => sum + one, 0) },
    ofPictures: [matches.a, matches.b].map(({ match, cosine, isMutual }) => ({
      match: [...match].map((tile) => (tile < 0 ? null : tile)),
      cosine: [...cosine],
      mutual: [...isMutual].map((one) => one === 1),
    })),
  };
}

/** Points of the first picture where they lie in the second, over the likeness of the first of them to all tiles. */
export function pointView(a: PictureMap, b: PictureMap, { points, expected, squareSide }: Keypoints): MapView {
  const [source, target] = [stretched(a), stretched(b)];
  const inside = points.map((point) => {
    const place = { x: Math.floor(point.x) - a.area.left, y: Math.floor(point.y) - a.area.top };
    if (tileUnder(point, a.area, a.map) === null) throw outside(point, a);
    return place;
  });
  const places =
    squareSide === null
      ? correspondingPoints(source, inside, target)
      : correspondingPointsInSquare(source, inside, { ...target, side: squareSide });
  const found = places.map(({ x, y, cosine }) => ({ x: x + b.area.left, y: y + b.area.top, cosine }));
  const likenessIn = ({ map, mask }: PictureMap): Float32Array =>
    cosineField(source, { map, mask, size: { width: map.columns, height: map.rows } })(inside[0] ?? { x: 0, y: 0 });
  const values = [likenessIn(a), likenessIn(b)];
  const range = rangeOf(values);
  return {
    layers: [a, b].map((picture, i) => ({
      ...layer(picture, valueColours(values[i] ?? [], range)),
      points: i === 0 ? points : found,
    })),
    numbers: {
      points: points.map((point, i) => ({ a: point, b: found[i] })),
      range: [range.low, range.high],
      keypoints: expected === null ? null : judged(found, b.image, expected),
    },
    ofPictures: values.map((ofPicture) => ({ values: [...ofPicture] })),
  };
}

function judged(found: readonly Point[], image: RawImage, { points, box, alpha }: NonNullable<Keypoints["expected"]>): Numbers {
  const ofImage = judgeKeypoints(found, points, { alpha, side: longerSide(image) });
  const ofBox = box === null ? null : judgeKeypoints(found, points, { alpha, side: longerSide(box) });
  return {
    alpha,
    distances: ofImage.distances,
    perImage: { pck: ofImage.share, correct: ofImage.correct },
    perBox: ofBox === null ? null : { pck: ofBox.share, correct: ofBox.correct },
  };
}

function stretched({ map, mask, area }: PictureMap): MappedPicture {
  return { map, mask, size: { width: area.width, height: area.height } };
}

/** A map over a picture, grey where tiles take no part. */
function layer(picture: PictureMap | undefined, colourOf: (tile: number) => Rgb): Pick<MapPanel, "colourOf" | "opacity"> {
  return { colourOf: (tile) => (picture?.mask?.[tile] === 0 ? maskedColour : colourOf(tile)), opacity: tokenOpacity };
}

function placeIn(picture: PictureMap | undefined, tile: number): TilePlace {
  return placeOf(tile, picture?.map ?? { rows: 1, columns: 1 }, picture?.area ?? { left: 0, top: 0, width: 1, height: 1 });
}

function rangeOf(maps: readonly Float32Array[]): { readonly low: number; readonly high: number } {
  let [low, high] = [Infinity, -Infinity];
  for (const map of maps) {
    for (const value of map) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return { low, high };
}

function outside({ x, y }: Point, { path, image, area }: PictureMap): Error {
  const seen = `columns ${area.left} to ${area.left + area.width - 1} and rows ${area.top} to ${area.top + area.height - 1}`;
  return appError(
    "usage/invalid",
    `The point ${x},${y} does not lie within what the model sees of ${path}, which has ${image.width} x ${image.height} pixels.`,
    { hint: `Give X,Y in pixels from the top left; the model sees ${seen}.` },
  );
}
