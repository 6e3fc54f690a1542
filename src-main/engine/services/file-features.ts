/** @file Features of one picture file by the names of taps, written to a safetensors file. Needs no library. */
import { decodeImage } from "../../data/imaging/decode";
import type { CompareOptions } from "../../ml/metrics/metric";
import type { Shape } from "../../ml/tensor/tensor";
import { writeSafetensors } from "../../ml/weights/safetensors";
import type { CompanionPaths, InferenceService } from "../inference/inference-service";
import { chooseCheckpoint } from "./checkpoint-source";
import { cropPixels, type PixelCrop } from "./crop-pixels";

export interface FileFeatures {
  readonly image: string;
  /** Path or name of a model. */
  readonly checkpoint: string | null;
  readonly companions: CompanionPaths;
  readonly libraryPath: string | null;
  readonly taps: readonly string[];
  readonly crop: PixelCrop | null;
  readonly out: string;
  readonly options: CompareOptions;
}

export interface WrittenFeatures {
  readonly model: { readonly name: string; readonly sha256: string };
  readonly tensors: Readonly<Record<string, Shape>>;
}

/** Taps a model on a picture and writes the tensors under the names of their taps. Throws image/..., checkpoint/..., tap/unknown, disk/... */
export async function writeFileFeatures(inference: InferenceService, request: FileFeatures): Promise<WrittenFeatures> {
  const image = cropPixels(await decodeImage(request.image, { mode: request.options.mode ?? "corrected" }), request.crop, request.image);
  const model = await chooseCheckpoint({ metric: "diffsim-s", checkpoint: request.checkpoint, libraryPath: request.libraryPath });
  const tensors = await inference.tap({
    modelPath: model.path,
    companions: request.companions,
    image,
    taps: request.taps,
    options: request.options,
  });
  await writeSafetensors(request.out, tensors);
  return {
    model: { name: model.name, sha256: model.sha256 },
    tensors: Object.fromEntries([...tensors].map(([name, value]) => [name, value.shape])),
  };
}
