/** @file Centre crops as transformers and torchvision place them, with black borders where the picture is too small. */
import type { RawImage } from "../../platform/raw-image";
import type { ImageSize } from "./resize";

/** How half a pixel is rounded: transformers floors it, torchvision rounds half to even. */
export type CropRounding = "floor" | "half-to-even";

/** First row (or column) of a centre crop of `crop` out of `size` pixels; negative where black rows must be added before the picture. */
export function cropOffset(size: number, crop: number, rounding: CropRounding = "floor"): number {
  const half = (size - crop) / 2;
  if (rounding === "floor") return Math.floor(half);
  if (size < crop) return Math.ceil(half); // torchvision pads the odd row after the picture, transformers before it
  const floor = Math.floor(half);
  return half - floor === 0.5 ? floor + (floor % 2) : Math.round(half);
}

/** Cuts the middle of an RGB picture to exactly `crop`. Pixels outside the picture are zero. */
export function centerCrop(image: RawImage, crop: ImageSize, rounding: CropRounding = "floor"): RawImage {
  const left = cropOffset(image.width, crop.width, rounding);
  const top = cropOffset(image.height, crop.height, rounding);
  const data = new Uint8Array(crop.width * crop.height * 3);
  const firstColumn = Math.max(0, -left);
  const lastColumn = Math.min(crop.width, image.width - left);
  for (let y = Math.max(0, -top); y < Math.min(crop.height, image.height - top); y++) {
    const from = ((y + top) * image.width + firstColumn + left) * 3;
    data.set(image.data.subarray(from, from + (lastColumn - firstColumn) * 3), (y * crop.width + firstColumn) * 3);
  }
  return { width: crop.width, height: crop.height, data };
}
