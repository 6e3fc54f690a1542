/** @file Maps of one or two picture files from the inner values of a model: computed, drawn, and told in numbers. Needs no library. */
import { appError } from "#shared/domain/app-error";
import type { MetricName } from "#shared/domain/feature-recipe";
import { defined } from "#shared/lib/assert";
import { decodeImage } from "../../data/imaging/decode";
import { renderPng } from "../../data/imaging/thumbnail";
import { tapPresets } from "../../ml/features/tap-names/presets";
import { type FeatureMap, mapOfAttention, mapOfTap } from "../../ml/maps/feature-map";
import type { Point } from "../../ml/maps/correspondence";
import { maskAnomalies } from "../../ml/maps/tile-mask";
import { type TileMeasure, tileMeasures } from "../../ml/maps/tile-measures";
import { openModel } from "../../ml/models/model-folder";
import type { RawImage } from "../../platform/raw-image";
import { drawMaps } from "../heatmap/map-picture";
import { starterModelPath } from "../inference/in-process-inference";
import type { InferenceService } from "../inference/inference-service";
import { type CheckpointChoice, chooseCheckpoint } from "./checkpoint-source";
import { coveredArea } from "./covered-area";
import { tapFile, type TappedModel } from "./file-features";
import {
  colourView,
  denseView,
  type Keypoints,
  type MapView,
  measureView,
  normView,
  type PictureMap,
  pointView,
  segmentView,
} from "./map-views";
import { noTokens } from "./media-service";

export type { Keypoints } from "./map-views";

/** Every kind of map. */
export const mapKinds = [...tileMeasures, "correspondence", "pca", "segments", "norms"] as const;
export type MapKind = (typeof mapKinds)[number];

export interface MapOrder {
  readonly model: TappedModel;
  /** One picture or two. */
  readonly pictures: readonly string[];
  readonly kind: MapKind;
  /** Taps of the model, stacked where there are several; none for the tokens of `metric`. */
  readonly taps: readonly string[];
  readonly metric: MetricName;
  /** The pixel of the first picture whose tile is measured. */
  readonly at: Point | null;
  /** The points whose correspondence is wanted; null is that of every tile. */
  readonly keypoints: Keypoints | null;
  readonly masksAnomalies: boolean;
  readonly segments: number;
  readonly seed: number;
  /** The PNG to write. */
  readonly out: string;
}

/** The numbers behind the picture; those of a kind stand beside these. */
export interface MapNumbers {
  readonly kind: MapKind;
  readonly model: { readonly name: string; readonly sha256: string };
  readonly taps: readonly string[];
  readonly metric: MetricName | null;
  readonly pictures: readonly {
    readonly path: string;
    readonly width: number;
    readonly height: number;
    /** The part of the picture under the grid, in pixels. */
    readonly area: readonly [left: number, top: number, width: number, height: number];
    readonly grid: { readonly rows: number; readonly columns: number };
    readonly channels: number;
    /** 1 for a tile that takes part, row by row; null where all do. */
    readonly mask: readonly number[] | null;
  }[];
}

/**
 * Writes the map and answers its numbers.
 *
 * @throws usage/invalid (a point outside, a kind without what it needs), image/..., checkpoint/..., tap/unknown, metric/..., disk/...
 */
export async function writeMaps(inference: InferenceService, order: MapOrder): Promise<MapNumbers> {
  assertComplete(order);
  const readings: Reading[] = [];
  for (const path of order.pictures) readings.push(await readPicture(inference, path, order));
  const { model } = defined(readings[0], "one picture or two");
  const { family } = await openModel(model.path ?? starterModelPath());
  const pictures = readings.map(({ path, image, map }): PictureMap => {
    return { path, image, map, area: coveredArea(family, image), mask: order.masksAnomalies ? maskAnomalies(map) : null };
  });
  const view = viewOf(order, pictures);
  const panels = view.layers.map((layer, i) => {
    const { image, area, map } = defined(pictures[i], "one layer a picture");
    return { ...layer, image, area, grid: map };
  });
  await renderPng(drawMaps(panels, { showsPictures: true, isGreyBelow: true }), order.out);
  return {
    kind: order.kind,
    model: { name: model.name, sha256: model.sha256 },
    taps: order.taps,
    metric: order.taps.length === 0 ? order.metric : null,
    ...view.numbers,
    pictures: pictures.map(({ path, image, area, map, mask }, i) => ({
      path,
      width: image.width,
      height: image.height,
      area: [area.left, area.top, area.width, area.height],
      grid: { rows: map.rows, columns: map.columns },
      channels: map.channels,
      mask: mask === null ? null : [...mask],
      ...view.ofPictures[i],
    })),
  };
}

/** Refuses an order whose kind lacks what it needs, or is given what it has no use for, before a model is opened. */
function assertComplete({ kind, pictures, at, keypoints }: MapOrder): void {
  if (isMeasure(kind) && at === null) {
    throw appError("usage/invalid", `${kind} compares one tile with all others, and no tile is chosen.`, {
      hint: "Give a pixel of the first picture with --at X,Y.",
    });
  }
  if (kind === "correspondence" && pictures.length < 2) {
    throw appError("usage/invalid", "A correspondence is between two pictures.", { hint: "Name a second picture." });
  }
  if (at !== null && !isMeasure(kind)) {
    throw appError("usage/invalid", `${kind} shows all tiles alike and has no use for a point.`, { hint: "Leave out --at." });
  }
  if (keypoints !== null && kind !== "correspondence") {
    throw appError("usage/invalid", `${kind} finds no points.`, { hint: "Leave out --keypoints, or choose --kind correspondence." });
  }
}

function isMeasure(kind: MapKind): kind is TileMeasure {
  return (tileMeasures as readonly string[]).includes(kind);
}

interface Reading {
  readonly model: CheckpointChoice;
  readonly path: string;
  readonly image: RawImage;
  readonly map: FeatureMap;
}

function readPicture(inference: InferenceService, path: string, order: MapOrder): Promise<Reading> {
  return order.taps.length === 0 ? readTokens(inference, path, order) : readTaps(inference, path, order);
}

async function readTaps(inference: InferenceService, path: string, order: MapOrder): Promise<Reading> {
  const { taps } = order;
  const isStacked = taps.length > 1 || taps.some((name) => tapPresets.has(name));
  const request = { ...order.model, taps, image: path, crop: null, ...(isStacked ? { concat: true } : {}) };
  const { model, image, tensors } = await tapFile(inference, request);
  const [tapped] = tensors;
  const [name, value] = defined(tapped, "a tap answers");
  return { model, path, image, map: mapOfTap(isStacked ? taps.join() : name, value) };
}

async function readTokens(inference: InferenceService, path: string, order: MapOrder): Promise<Reading> {
  const { metric } = order;
  const { checkpoint, libraryPath, companions, options } = order.model;
  const image = await decodeImage(path, { mode: "corrected" });
  const model = await chooseCheckpoint({ metric, checkpoint, libraryPath });
  const [features] = await inference.extract([{ metric, modelPath: model.path, companions, options }], image);
  if (!features?.attention) throw noTokens(metric);
  return { model, path, image, map: mapOfAttention(features.attention) };
}

function viewOf({ kind, at, keypoints, segments, seed, model }: MapOrder, pictures: readonly PictureMap[]): MapView {
  const [a, b = a] = pictures as readonly [PictureMap, PictureMap?];
  const mode = model.options.mode ?? "corrected";
  switch (kind) {
    case "pca":
      return colourView(pictures, mode);
    case "segments":
      return segmentView(pictures, segments, seed);
    case "norms":
      return normView(pictures);
    case "correspondence":
      return keypoints === null ? denseView(a, b) : pointView(a, b, keypoints);
    default:
      return measureView(pictures, { measure: kind, at: at ?? { x: 0, y: 0 }, mode });
  }
}
