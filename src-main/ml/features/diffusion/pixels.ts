/** @file Pictures as feature extractors show them to the autoencoder: squashed to a square with a bicubic filter, from -1 or from 0 to 1. */
import type { MaskImage, RawImage } from "../../../platform/raw-image";
import { byteTables, pixelsToTensor } from "../../preprocess/pixels-to-tensor";
import { resize } from "../../preprocess/resize";
import { resizeWithAlpha } from "../../preprocess/resize-with-alpha";
import type { Float32Tensor } from "../../tensor/tensor";

const { fround } = Math;

/** A picture, with its opacity where that is to be resized along. */
export interface Picture {
  readonly image: RawImage;
  readonly alpha: MaskImage | null;
}

const tables = {
  [-1]: byteTables((byte) => fround(2 * fround(byte / 255) - 1)),
  0: byteTables((byte) => fround(byte / 255)),
};

/** One picture as [1, 3, size, size] with values from `darkest` to 1. */
export function squashedPixels({ image, alpha }: Picture, size: number, darkest: -1 | 0): Float32Tensor {
  const square = { width: size, height: size };
  const squashed =
    alpha === null ? resize(image, square, { filter: "bicubic" }) : resizeWithAlpha(image, alpha, square, { filter: "bicubic" });
  return pixelsToTensor([squashed], tables[darkest]);
}
