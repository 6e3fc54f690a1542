/** @file Compares two picture files with every option of the published code: what `semblance compare` runs. Needs no library. */
import type { MetricName } from "#shared/domain/feature-recipe";
import { decodeImage } from "../../data/imaging/decode";
import type { CompareMilliseconds, CompareOptions, PairComparison } from "../../ml/metrics/metric";
import { findMetric } from "../../ml/metrics/registry";
import { writeSafetensors } from "../../ml/weights/safetensors";
import type { CompanionPaths, InferenceService } from "../inference/inference-service";
import { type CheckpointChoice, chooseCheckpoint } from "./checkpoint-source";
import { cropPixels, type PixelCrop } from "./crop-pixels";

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
  /** Where the staged tensors go; null keeps none. */
  readonly saveTensors: string | null;
  readonly options: CompareOptions;
}

export interface FileComparison {
  readonly comparison: PairComparison;
  readonly model: CheckpointChoice;
  readonly milliseconds: CompareMilliseconds;
}

/** Decodes, crops and scores a pair. Throws image/..., checkpoint/..., and what the metric throws about its options. */
export async function compareFiles(inference: InferenceService, pair: FilePair): Promise<FileComparison> {
  const startedMs = performance.now();
  const mode = pair.options.mode ?? "published";
  const exif = mode === "corrected" || findMetric(pair.metric).publishedIgnoresOrientation !== true;
  const a = cropPixels(await decodeImage(pair.a, { mode, exif }), pair.cropA, pair.a);
  const b = cropPixels(await decodeImage(pair.b, { mode, exif }), pair.cropB, pair.b);
  const decode = performance.now() - startedMs;
  const model = await chooseCheckpoint(pair);
  const options: CompareOptions = { ...pair.options, mode, keepTensors: pair.saveTensors !== null };
  const comparison = await inference.comparePair({
    metric: pair.metric,
    modelPath: model.path,
    companions: pair.companions,
    a,
    b,
    options,
  });
  if (pair.saveTensors !== null) await writeSafetensors(pair.saveTensors, comparison.tensors);
  return { comparison, model, milliseconds: { ...comparison.milliseconds, decode, total: performance.now() - startedMs } };
}
