/** @file Compares two picture files with every option of the published code: what `semblance compare` runs. Needs no library. */
import { appError } from "#shared/domain/app-error";
import type { CompareOptions } from "../../ml/metrics/metric";
import { findMetric } from "../../ml/metrics/registry";
import { writeSafetensors } from "../../ml/weights/safetensors";
import type { InferenceService } from "../inference/inference-service";
import { chooseCheckpoint } from "./checkpoint-source";
import { type FileComparison, type FilePair, readSide } from "./file-pair";
import { compareForegrounds } from "./foreground-comparison";

export type { FileComparison, FilePair } from "./file-pair";

/** Decodes, crops and scores a pair. Throws image/..., checkpoint/..., usage/invalid for masks that do not fit, and what the metric throws about its options. */
export async function compareFiles(inference: InferenceService, pair: FilePair): Promise<FileComparison> {
  const startedMs = performance.now();
  const mode = pair.options.mode ?? "published";
  const metric = findMetric(pair.metric);
  if (asksForForegrounds(pair)) return compareForegrounds(inference, pair);
  if (metric.takesMasks !== true && (pair.maskA !== null || pair.maskB !== null))
    throw appError("usage/invalid", `${pair.metric} compares whole pictures and takes no mask.`, {
      hint: "Leave out the masks, or cut the pictures with --crop-a and --crop-b.",
    });
  const exif = mode === "corrected" || metric.publishedIgnoresOrientation !== true;
  const reading = { mode, exif, takesMasks: metric.takesMasks === true };
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

function asksForForegrounds({ metric: name, isForeground, maskA, maskB }: FilePair): boolean {
  const { ranksByTokens, takesMasks } = findMetric(name);
  return isForeground || (ranksByTokens && takesMasks !== true && (maskA !== null || maskB !== null));
}
