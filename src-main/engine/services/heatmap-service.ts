/** @file The heat map of two picture files: scored as the library scores, drawn side by side. Needs no library. */
import { appError } from "#shared/domain/app-error";
import type { MetricName, ModelFamilyId } from "#shared/domain/feature-recipe";
import type { TokenGrid } from "#shared/domain/score";
import { defined } from "#shared/lib/assert";
import { decodeImage } from "../../data/imaging/decode";
import { renderPng } from "../../data/imaging/thumbnail";
import type { CompareOptions, ImageFeatures, PairMap } from "../../ml/metrics/metric";
import type { AttentionFeatures } from "../../ml/scoring/attention-features";
import { similarityMap } from "../../ml/scoring/similarity-map";
import type { RawImage } from "../../platform/raw-image";
import { drawHeatmap, type HeatmapSide } from "../heatmap/heatmap-picture";
import type { CompanionPaths, ExtractorKey, InferenceService } from "../inference/inference-service";
import { chooseCheckpoint } from "./checkpoint-source";
import { coveredArea, tileUnder } from "./covered-area";
import { cropPixels, type PixelCrop } from "./crop-pixels";
import { toStoredPrecision } from "./feature-blobs";
import { noTokens } from "./media-service";

/** Matched patches outlined when all is shown. */
const shownMatches = 8;

/** What the map shows: agreement of the pair, likeness to one point of A, or agreement with the matched patches outlined. */
export type HeatmapView =
  { readonly kind: "agreement" } | { readonly kind: "point"; readonly x: number; readonly y: number } | { readonly kind: "all" };

export interface HeatmapOrder {
  readonly a: string;
  readonly b: string;
  readonly metric: MetricName;
  readonly checkpoint: string | null;
  readonly companions?: CompanionPaths;
  /** What a person set about the metric; the rest is its own. */
  readonly options?: CompareOptions;
  readonly libraryPath: string | null;
  readonly cropA: PixelCrop | null;
  readonly view: HeatmapView;
  /** The PNG to write. */
  readonly out: string;
}

interface SideNumbers {
  readonly grid: TokenGrid;
  readonly heat: readonly number[];
  readonly match: readonly number[];
}

/** The numbers behind the picture. */
export interface HeatmapNumbers {
  readonly metric: MetricName;
  readonly score: number;
  readonly directions: { readonly ab: number | null; readonly ba: number | null };
  readonly a: SideNumbers;
  readonly b: SideNumbers;
  /** Likeness of every patch to the chosen one of A, where a point was chosen. */
  readonly at: {
    readonly token: number;
    readonly best: number;
    readonly similarityA: readonly number[];
    readonly similarityB: readonly number[];
  } | null;
  /** Values at the two ends of the colour ramp. */
  readonly range: readonly [low: number, high: number];
}

/** Writes the heat map and answers its numbers. Throws image/..., checkpoint/..., usage/invalid for a metric without tokens or a point outside. */
export async function writeHeatmap(inference: InferenceService, order: HeatmapOrder): Promise<HeatmapNumbers> {
  const a = cropPixels(await decodeImage(order.a, { mode: "corrected" }), order.cropA, order.a);
  const b = await decodeImage(order.b, { mode: "corrected" });
  const model = await chooseCheckpoint(order);
  const { metric, companions = {}, options = {} } = order;
  const key: ExtractorKey = { metric, modelPath: model.path, companions, options };
  const featuresOfA = await featuresOf(inference, key, a);
  const featuresOfB = await featuresOf(inference, key, b);
  const { family } = await inference.openExtractor(key);
  const [pair] = await inference.score(key, featuresOfA, [featuresOfB]);
  const { score, directions, a: mapA, b: mapB } = defined(pair, "one target gives one score");
  if (mapA === null || mapB === null || featuresOfA.attention === null || featuresOfB.attention === null) throw noTokens(order.metric);
  const at =
    order.view.kind === "point"
      ? likenessTo(tokenAt(order.view, { image: a, crop: order.cropA, family }, mapA.grid), featuresOfA.attention, featuresOfB.attention)
      : null;
  const sides = { a: sideOf(a, mapA, family), b: sideOf(b, mapB, family) };
  const values = at === null ? { a: sides.a.values, b: sides.b.values } : { a: at.similarityA, b: at.similarityB };
  const range = rangeOf([...Array.from(values.a), ...Array.from(values.b)]);
  const marks = at === null ? (order.view.kind === "all" ? mutualMatches(mapA, mapB) : { a: [], b: [] }) : { a: [at.token], b: [at.best] };
  const picture = drawHeatmap({
    a: { ...sides.a, values: values.a, outlined: marks.a },
    b: { ...sides.b, values: values.b, outlined: marks.b },
    low: range[0],
    high: range[1],
    showsPictures: order.view.kind === "all",
  });
  await renderPng(picture, order.out);
  return { metric: order.metric, score, directions, a: numbersOf(mapA), b: numbersOf(mapB), at, range };
}

async function featuresOf(inference: InferenceService, key: ExtractorKey, image: RawImage): Promise<ImageFeatures> {
  const [features] = await inference.extract([key], image);
  return toStoredPrecision(defined(features, "one key gives one set of features"));
}

function sideOf(image: RawImage, { grid, heat }: PairMap, family: ModelFamilyId): HeatmapSide {
  return { image, area: coveredArea(family, image), grid, values: heat, outlined: [] };
}

function numbersOf({ grid, heat, match }: PairMap): SideNumbers {
  return { grid, heat: [...heat], match: [...match] };
}

interface CroppedImage {
  /** What the crop left of the picture, or all of it. */
  readonly image: RawImage;
  readonly crop: PixelCrop | null;
  /** Of the model that looks at it. */
  readonly family: ModelFamilyId;
}

/** The patch of A under a pixel, which is counted in the whole picture. */
function tokenAt(point: { readonly x: number; readonly y: number }, { image, crop, family }: CroppedImage, grid: TokenGrid): number {
  const [left, top] = crop ?? [0, 0];
  const token = tileUnder({ x: point.x - left, y: point.y - top }, coveredArea(family, image), grid);
  if (token !== null) return token;
  const what = crop === null ? "the first picture" : `the crop ${crop.join(",")} of the first picture`;
  throw appError(
    "usage/invalid",
    `The point ${point.x},${point.y} does not lie within what the model sees of ${what}, which has ${image.width} x ${image.height} pixels.`,
    { hint: "Give X,Y in pixels from the top left of the whole picture; some models see only its middle." },
  );
}

function likenessTo(token: number, a: AttentionFeatures, b: AttentionFeatures): NonNullable<HeatmapNumbers["at"]> {
  const similarityB = [...similarityMap(a, token, b)];
  return { token, best: similarityB.indexOf(Math.max(...similarityB)), similarityA: [...similarityMap(a, token, a)], similarityB };
}

/** The strongest pairs of patches that choose each other. */
function mutualMatches(a: PairMap, b: PairMap): { readonly a: readonly number[]; readonly b: readonly number[] } {
  const pairs = [...a.match].flatMap((patch, token) =>
    b.match[patch] === token ? [{ token, patch, heat: (a.heat[token] ?? 0) + (b.heat[patch] ?? 0) }] : [],
  );
  const strongest = pairs.sort((x, y) => y.heat - x.heat).slice(0, shownMatches);
  return { a: strongest.map((pair) => pair.token), b: strongest.map((pair) => pair.patch) };
}

function rangeOf(values: readonly number[]): readonly [number, number] {
  return [Math.min(...values), Math.max(...values)];
}
