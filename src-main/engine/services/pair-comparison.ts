/** @file Compares two picture files with every option of the published code: what `semblance compare` runs. Needs no library. */
import { appError } from "#shared/domain/app-error";
import type { MetricName, ScoringMode } from "#shared/domain/feature-recipe";
import { decodeImage } from "../../data/imaging/decode";
import { decodeAlpha } from "../../data/imaging/decode-alpha";
import { decodeMask } from "../../data/imaging/decode-mask";
import type { CompareMilliseconds, CompareOptions, PairComparison } from "../../ml/metrics/metric";
import { findMetric } from "../../ml/metrics/registry";
import { writeSafetensors } from "../../ml/weights/safetensors";
import type { MaskImage, RawImage } from "../../platform/raw-image";
import type { CompanionPaths, InferenceService } from "../inference/inference-service";
import { type CheckpointChoice, chooseCheckpoint } from "./checkpoint-source";
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
  /** Where the staged tensors go; null keeps none. */
  readonly saveTensors: string | null;
  readonly options: CompareOptions;
}

export interface FileComparison {
  readonly comparison: PairComparison;
  readonly model: CheckpointChoice;
  readonly milliseconds: CompareMilliseconds;
}

/** Decodes, crops and scores a pair. Throws image/..., checkpoint/..., usage/invalid for masks that do not fit, and what the metric throws about its options. */
export async function compareFiles(inference: InferenceService, pair: FilePair): Promise<FileComparison> {
  const startedMs = performance.now();
  const mode = pair.options.mode ?? "published";
  const metric = findMetric(pair.metric);
  if (metric.takesMasks !== true && (pair.maskA !== null || pair.maskB !== null))
    throw appError("usage/invalid", `${pair.metric} compares whole pictures and takes no mask.`, {
      hint: "Leave out the masks, or cut the pictures with --crop-a and --crop-b.",
    });
  const exif = mode === "corrected" || metric.publishedIgnoresOrientation !== true;
  const reading: Reading = { mode, exif, takesMasks: metric.takesMasks === true };
  const a = await readSide({ file: pair.a, mask: pair.maskA, crop: pair.cropA }, reading);
  const b = await readSide({ file: pair.b, mask: pair.maskB, crop: pair.cropB }, reading);
  const decode = performance.now() - startedMs;
  const model = await chooseCheckpoint(pair);
  const masks = { a: a.mask, b: b.mask };
  const options: CompareOptions = { ...pair.options, mode, masks, keepTensors: pair.saveTensors !== null };
  const comparison = await inference.comparePair({
    metric: pair.metric,
    modelPath: model.path,
    companions: pair.companions,
    a: a.image,
    b: b.image,
    options,
  });
  if (pair.saveTensors !== null) await writeSafetensors(pair.saveTensors, comparison.tensors);
  return { comparison, model, milliseconds: { ...comparison.milliseconds, decode, total: performance.now() - startedMs } };
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
async function readSide(
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
