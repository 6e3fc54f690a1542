/** @file Maps of one or two picture files from the inner values of a model: computed, drawn, and told in numbers. Needs no library. */
import { appError } from "#shared/domain/app-error";
import type { MetricName } from "#shared/domain/feature-recipe";
import { defined } from "#shared/lib/assert";
import { decodeImage } from "../../data/imaging/decode";
import { renderPng } from "../../data/imaging/thumbnail";
import { type FeatureMap, mapOfAttention, mapOfTap } from "../../ml/maps/feature-map";
import type { Point } from "../../ml/maps/correspondence";
import { maskAnomalies } from "../../ml/maps/tile-mask";
import { type TileMeasure, tileMeasures } from "../../ml/maps/tile-measures";
import type { CompareOptions } from "../../ml/metrics/metric";
import { openModel } from "../../ml/models/model-folder";
import type { RawImage } from "../../platform/raw-image";
import { drawMaps } from "../heatmap/map-picture";
import { starterModelPath } from "../inference/in-process-inference";
import type { CompanionPaths, InferenceService } from "../inference/inference-service";
import { type CheckpointChoice, chooseCheckpoint } from "./checkpoint-source";
import { coveredArea } from "./covered-area";
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

/** Every kind of map. */
export const mapKinds = [...tileMeasures, "correspondence", "pca", "segments", "norms"] as const;
export type MapKind = (typeof mapKinds)[number];

export interface MapOrder {
  /** One picture or two. */
  readonly pictures: readonly string[];
  readonly kind: MapKind;
  /** A tap of the model, or null for the tokens of `metric`. */
  readonly tap: string | null;
  readonly metric: MetricName;
  readonly checkpoint: string | null;
  readonly companions: CompanionPaths;
  readonly options: CompareOptions;
  readonly libraryPath: string | null;
  /** A pixel of the first picture. */
  readonly at: Point | null;
  /** Points to find, for the correspondence of two pictures. */
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
  readonly tap: string | null;
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
  const model = await chooseCheckpoint({ ...order, metric: order.tap === null ? order.metric : "diffsim-s" });
  const pictures: PictureMap[] = [];
  for (const path of order.pictures) pictures.push(await readPicture(inference, path, { order, model }));
  const view = viewOf(order, pictures);
  const panels = view.layers.map((layer, i) => {
    const { image, area, map } = defined(pictures[i], "one layer a picture");
    return { ...layer, image, area, grid: map };
  });
  await renderPng(drawMaps(panels, { showsPictures: true }), order.out);
  return {
    kind: order.kind,
    model: { name: model.name, sha256: model.sha256 },
    tap: order.tap,
    metric: order.tap === null ? order.metric : null,
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
  if (at !== null && !isMeasure(kind) && kind !== "correspondence") {
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
  readonly order: MapOrder;
  readonly model: CheckpointChoice;
}

async function readPicture(inference: InferenceService, path: string, { order, model }: Reading): Promise<PictureMap> {
  const image = await decodeImage(path, { mode: order.options.mode ?? "corrected" });
  const map = await featureMap(inference, image, { order, model });
  const { family } = await openModel(model.path ?? starterModelPath());
  return { path, image, map, area: coveredArea(family, image), mask: order.masksAnomalies ? maskAnomalies(map) : null };
}

async function featureMap(inference: InferenceService, image: RawImage, { order, model }: Reading): Promise<FeatureMap> {
  const { tap, metric, options, companions } = order;
  if (tap === null) {
    const [features] = await inference.extract([{ metric, modelPath: model.path, companions, options }], image);
    if (!features?.attention) throw noTokens(metric);
    return mapOfAttention(features.attention);
  }
  const tapped = await inference.tap({ modelPath: model.path, companions, image, taps: [tap], options });
  return mapOfTap(tap, defined(tapped.get(tap), "a tap answers under its name"));
}

function viewOf({ kind, at, keypoints, segments, seed }: MapOrder, pictures: readonly PictureMap[]): MapView {
  const [a, b = a] = pictures as readonly [PictureMap, PictureMap?];
  switch (kind) {
    case "pca":
      return colourView(pictures);
    case "segments":
      return segmentView(pictures, segments, seed);
    case "norms":
      return normView(pictures);
    case "correspondence": {
      const points = keypoints ?? (at === null ? null : { points: [at], expected: null });
      return points === null ? denseView(a, b) : pointView(a, b, points);
    }
    default:
      return measureView(pictures, kind, at ?? { x: 0, y: 0 });
  }
}
