/** @file A pair of picture files as a person names it, and its pictures read. */
import { appError } from "#shared/domain/app-error";
import type { MetricName, ScoringMode } from "#shared/domain/feature-recipe";
import type { MaskSource } from "#shared/domain/mask";
import { decodeImage } from "../../data/imaging/decode";
import { decodeAlpha } from "../../data/imaging/decode-alpha";
import { decodeMask } from "../../data/imaging/decode-mask";
import type { CompareMilliseconds, CompareOptions, PairComparison } from "../../ml/metrics/metric";
import type { MaskImage, RawImage } from "../../platform/raw-image";
import type { CompanionPaths } from "../inference/inference-service";
import type { CheckpointChoice } from "./checkpoint-source";
import { cropMask, cropPixels, type PixelCrop } from "./crop-pixels";

export interface FilePair {
  readonly a: string;
  readonly b: string;
  readonly metric: MetricName;
  /** Path or name of a model; null lets the library choose. */
  readonly checkpoint: string | null;
  readonly companions: CompanionPaths;
  readonly libraryPath: string | null;
  readonly cropA: PixelCrop | null;
  readonly cropB: PixelCrop | null;
  /** Pictures of what counts of each, white; null leaves it to the picture's own transparency, and else to the metric. */
  readonly maskA: string | null;
  readonly maskB: string | null;
  /** Whether the score is that of what stands in front; a mask given to a metric that compares tokens asks for it too. */
  readonly isForeground: boolean;
  /** Where the staged tensors go; null keeps none. */
  readonly saveTensors: string | null;
  readonly options: CompareOptions;
}

export interface FileComparison {
  readonly comparison: PairComparison;
  readonly model: CheckpointChoice;
  readonly milliseconds: CompareMilliseconds;
  /** Where the score is that of the foregrounds. */
  readonly foreground?: ForegroundNumbers;
}

export interface ForegroundSide {
  readonly source: MaskSource;
  /** How much of what the model sees of the picture stands in front, 0 to 1. */
  readonly share: number;
}

/** What stands beside the score of the foregrounds. */
export interface ForegroundNumbers {
  /** The score of the whole pictures by the same features. */
  readonly whole: number;
  readonly a: ForegroundSide;
  readonly b: ForegroundSide;
}

interface PictureSide {
  readonly file: string;
  readonly mask: string | null;
  readonly crop: PixelCrop | null;
}

interface Reading {
  readonly mode: ScoringMode;
  readonly exif: boolean;
  readonly takesMasks: boolean;
}

/** A picture, and what counts of it: the mask that was given, else where the picture is opaque, else null. */
export async function readSide(
  { file, mask: given, crop }: PictureSide,
  { takesMasks, ...decoding }: Reading,
): Promise<{ readonly image: RawImage; readonly mask: MaskImage | null }> {
  const image = await decodeImage(file, decoding);
  if (!takesMasks) return { image: cropPixels(image, crop, file), mask: null };
  const mask = given === null ? await decodeAlpha(file) : await decodeMask(given);
  if (mask !== null && (mask.width !== image.width || mask.height !== image.height))
    throw appError(
      "usage/invalid",
      `The mask ${given ?? file} has ${mask.width} x ${mask.height} pixels, its picture ${file} ${image.width} x ${image.height}.`,
      { hint: "Save the mask at the size of its picture." },
    );
  return { image: cropPixels(image, crop, file), mask: mask === null ? null : cropMask(mask, crop, file) };
}
