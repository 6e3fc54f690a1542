/** @file Two picture files by what stands in front of each: scored as the library scores, out of masks that are given, of transparency or of an estimate. Needs no library. */
import { appError } from "#shared/domain/app-error";
import { gridArea } from "#shared/domain/grid-area";
import type { MaskSource } from "#shared/domain/mask";
import type { ModelFamilyId } from "#shared/domain/feature-recipe";
import { defined } from "#shared/lib/assert";
import type { TileMask } from "../../ml/maps/tile-mask";
import type { ImageFeatures } from "../../ml/metrics/metric";
import { foregroundScore } from "../../ml/scoring/foreground-score";
import type { MaskImage, RawImage } from "../../platform/raw-image";
import type { ExtractorKey, InferenceService } from "../inference/inference-service";
import { chooseCheckpoint } from "./checkpoint-source";
import { toStoredPrecision } from "./feature-blobs";
import { noForegroundScore } from "./foreground-service";
import { estimatedTiles, partsPicture, tilesOfMask } from "./mask-tiles";
import { type FileComparison, type FilePair, type ForegroundSide, readSide } from "./file-pair";

/**
 * Scores the foregrounds of a pair, always in corrected mode.
 *
 * @throws usage/invalid for a metric without such a score, the published mode, mse, tensors to save, or a mask of nothing; image/..., checkpoint/...
 */
export async function compareForegrounds(inference: InferenceService, pair: FilePair): Promise<FileComparison> {
  const startedMs = performance.now();
  assertForegroundOptions(pair);
  const { metric, companions } = pair;
  const reading = { mode: "corrected", exif: true, takesMasks: true } as const;
  const a = await readSide({ file: pair.a, mask: pair.maskA, crop: pair.cropA }, reading);
  const b = await readSide({ file: pair.b, mask: pair.maskB, crop: pair.cropB }, reading);
  const decode = performance.now() - startedMs;
  const model = await chooseCheckpoint(pair);
  const key: ExtractorKey = { metric, modelPath: model.path, companions, options: pair.options };
  const recipe = await inference.openExtractor(key);
  const featuresOfA = await featuresOf(inference, key, a.image);
  const featuresOfB = await featuresOf(inference, key, b.image);
  const tilesOf = (side: Pick<Picture, "image" | "mask">, features: ImageFeatures, given: string | null) =>
    foregroundTiles({ ...side, features, given }, pair.metric, recipe.family);
  const foregroundA = tilesOf(a, featuresOfA, pair.maskA);
  const foregroundB = tilesOf(b, featuresOfB, pair.maskB);
  const [scored] = await inference.score(key, featuresOfA, [featuresOfB]);
  const { score: whole, ...parts } = defined(scored, "one target gives one score");
  const score = foregroundScore({ score: whole, ...parts }, { a: foregroundA.tiles, b: foregroundB.tiles });
  if (score === null) throw noForegroundScore(metric);
  const total = performance.now() - startedMs;
  const directions = { ab: null, ba: null };
  return {
    comparison: { score, directions, similarity: "cosine", recipe, milliseconds: { total }, tensors: new Map() },
    model,
    milliseconds: { decode, total },
    foreground: { whole, a: sideOf(foregroundA), b: sideOf(foregroundB) },
  };
}

function assertForegroundOptions({ options, saveTensors }: FilePair): void {
  const refused =
    options.mode === "published"
      ? "is of the app's own, corrected mode"
      : options.similarity === "mse"
        ? "is a cosine and has no mse"
        : saveTensors === null
          ? null
          : "keeps no staged tensors";
  if (refused === null) return;
  throw appError("usage/invalid", `The score of foregrounds ${refused}.`, { hint: "Leave out the option, or compare whole pictures." });
}

async function featuresOf(inference: InferenceService, key: ExtractorKey, image: RawImage): Promise<ImageFeatures> {
  const [features] = await inference.extract([key], image);
  return toStoredPrecision(defined(features, "one key gives one set of features"));
}

interface Picture {
  readonly image: RawImage;
  readonly mask: MaskImage | null;
  readonly features: ImageFeatures;
  /** The file of the mask, where one was given. */
  readonly given: string | null;
}

interface ForegroundTiles {
  readonly source: MaskSource;
  readonly tiles: TileMask;
}

function foregroundTiles({ image, mask, features, given }: Picture, metric: FilePair["metric"], family: ModelFamilyId): ForegroundTiles {
  if (features.attention === null) throw noForegroundScore(metric);
  if (mask === null || (given === null && !partsPicture(mask))) return { source: "estimate", tiles: estimatedTiles(features.attention) };
  const tiles = tilesOfMask(mask, features.attention.grid, gridArea({ family }, image));
  if (tiles.includes(1)) return { source: given === null ? "transparency" : "given", tiles };
  throw appError(
    "usage/invalid",
    `Nothing counts of what the model sees of the picture, by ${given === null ? "its transparency" : `the mask ${given}`}.`,
    {
      hint: "A mask is white where the picture counts; some models see only the middle of a picture.",
    },
  );
}

function sideOf({ source, tiles }: ForegroundTiles): ForegroundSide {
  return { source, share: tiles.reduce((sum, tile) => sum + tile, 0) / tiles.length };
}
