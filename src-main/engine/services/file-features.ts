/** @file Features of one picture file by the names of taps, written to a safetensors file, and which taps there are. Needs no library. */
import { appError, toAppError } from "#shared/domain/app-error";
import { decodeImage } from "../../data/imaging/decode";
import { decodeAlpha } from "../../data/imaging/decode-alpha";
import type { TapList } from "../../ml/features/diffusion/unet-taps";
import type { TapOptions } from "../../ml/features/tapped-features";
import type { Shape, Tensor } from "../../ml/tensor/tensor";
import { writeSafetensors } from "../../ml/weights/safetensors";
import type { RawImage } from "../../platform/raw-image";
import type { CompanionPaths, InferenceService } from "../inference/inference-service";
import { type CheckpointChoice, chooseCheckpoint } from "./checkpoint-source";
import { cropMask, cropPixels, type PixelCrop } from "./crop-pixels";

export { type TapRecipeName, tapRecipeNames } from "../../ml/features/recipes";

/** The model whose taps are meant. */
export interface TappedModel extends Pick<TapOptions, "recipe" | "options"> {
  /** Path or name of a model. */
  readonly checkpoint: string | null;
  readonly companions: CompanionPaths;
  readonly libraryPath: string | null;
}

export interface FileFeatures extends TappedModel, Omit<TapOptions, "alpha"> {
  readonly image: string;
  readonly crop: PixelCrop | null;
  readonly out: string;
}

interface ModelName {
  readonly name: string;
  readonly sha256: string;
}

export interface WrittenFeatures {
  readonly model: ModelName;
  readonly tensors: Readonly<Record<string, Shape>>;
}

export interface TappedFile {
  readonly model: CheckpointChoice;
  /** The picture as the model was shown it. */
  readonly image: RawImage;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** Taps a model on a picture file. Throws image/..., checkpoint/..., tap/unknown, usage/invalid. */
export async function tapFile(inference: InferenceService, request: Omit<FileFeatures, "out">): Promise<TappedFile> {
  const { image: path, crop, recipe, options } = request;
  // A recipe sees files as its published code does.
  const mode = options.mode ?? (recipe === undefined ? "corrected" : "published");
  const image = cropPixels(await decodeImage(path, { mode }), crop, path);
  const opacity = recipe === undefined ? null : await decodeAlpha(path);
  const alpha = opacity === null ? null : cropMask(opacity, crop, path);
  const model = await tappedModel(request);
  return { model, image, tensors: await inference.tap({ ...request, modelPath: model.path, image, alpha }) };
}

/** Writes what {@link tapFile} gives under the names of the taps. Throws the same, and disk/... */
export async function writeFileFeatures(inference: InferenceService, request: FileFeatures): Promise<WrittenFeatures> {
  const { model, tensors } = await tapFile(inference, request);
  await writeSafetensors(request.out, tensors);
  return { model: nameOf(model), tensors: Object.fromEntries([...tensors].map(([name, value]) => [name, value.shape])) };
}

/** What there is to tap in a model. Throws checkpoint/..., tap/unknown for a model without a list. */
export async function listFileTaps(inference: InferenceService, request: TappedModel): Promise<TapList & { readonly model: ModelName }> {
  const model = await tappedModel(request);
  return { model: nameOf(model), ...(await inference.listTaps({ ...request, modelPath: model.path })) };
}

function tappedModel({ checkpoint, libraryPath }: TappedModel): Promise<CheckpointChoice> {
  return chooseCheckpoint({ metric: "diffsim-s", checkpoint, libraryPath }).catch((error: unknown) => {
    const { code, hint } = toAppError(error);
    if (code !== "metric/needs-model") throw error;
    throw appError(code, "Taps need a model, and the library knows no Stable Diffusion.", hint === undefined ? {} : { hint });
  });
}

function nameOf({ name, sha256 }: CheckpointChoice): ModelName {
  return { name, sha256 };
}
