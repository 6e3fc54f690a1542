/** @file Cuts a part out of a picture. */
import { appError } from "#shared/domain/app-error";
import type { MaskImage, RawImage } from "../../platform/raw-image";

/** A crop in pixels: left, top, width, height. */
export type PixelCrop = readonly [x: number, y: number, width: number, height: number];

/** The part of a picture inside a crop; throws usage/invalid when the crop leaves the picture. */
export function cropPixels(image: RawImage, crop: PixelCrop | null, name: string): RawImage {
  return crop === null ? image : cropSamples({ ...image, channels: 3 }, crop, name);
}

/** The same part of a mask. */
export function cropMask(mask: MaskImage, crop: PixelCrop | null, name: string): MaskImage {
  return crop === null ? mask : cropSamples({ ...mask, channels: 1 }, crop, name);
}

/** Bytes of `channels` a pixel. */
interface Samples extends MaskImage {
  readonly channels: number;
}

function cropSamples(image: Samples, crop: PixelCrop, name: string): MaskImage {
  const { channels } = image;
  const [x, y, width, height] = crop;
  const isInside =
    crop.every(Number.isInteger) && x >= 0 && y >= 0 && width > 0 && height > 0 && x + width <= image.width && y + height <= image.height;
  if (!isInside) {
    throw appError(
      "usage/invalid",
      `The crop ${crop.join(",")} does not lie within ${name}, which has ${image.width} x ${image.height} pixels.`,
      {
        hint: "Give X,Y,W,H in whole pixels from the top left.",
      },
    );
  }
  const data = new Uint8Array(channels * width * height);
  for (let row = 0; row < height; row += 1) {
    const from = channels * ((y + row) * image.width + x);
    data.set(image.data.subarray(from, from + channels * width), channels * width * row);
  }
  return { width, height, data };
}
