/** @file Masks of pictures of the library as files of their own, for painting them in another program. */
import { appError } from "#shared/domain/app-error";
import { type Mask, unpackMask } from "#shared/domain/mask";
import { decodeMask } from "../../data/imaging/decode-mask";
import { renderPng } from "../../data/imaging/thumbnail";
import type { RawImage } from "../../platform/raw-image";
import { reducedMask } from "./mask-tiles";

type Size = Pick<RawImage, "width" | "height">;

/** A mask saved at another size may be off by a pixel or two a side. */
const shapeTolerance = 0.02;

/**
 * The mask in a picture file: white counts, black and transparent do not. Any size will do, but not another shape.
 *
 * @throws usage/invalid, image/...
 */
export async function readMaskFile(path: string, picture: Size): Promise<Mask> {
  const mask = await decodeMask(path);
  const stretch = (mask.width * picture.height) / (mask.height * picture.width);
  if (Math.abs(Math.log(stretch)) > shapeTolerance) {
    throw appError(
      "usage/invalid",
      `The mask ${path} has ${mask.width} x ${mask.height} pixels, which is another shape than its picture of ${picture.width} x ${picture.height}.`,
      { hint: "Save the mask at the size of its picture." },
    );
  }
  return reducedMask({ ...mask, data: mask.data.map((value) => (value >= 128 ? 255 : 0)) });
}

/** Writes a mask as a black and white PNG of the size of its picture, so that it lies upon it in any program. @throws disk/... */
export async function writeMaskFile(mask: Mask, { width, height }: Size, path: string): Promise<void> {
  const pixels = unpackMask(mask);
  const data = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(((y + 0.5) * pixels.height) / height) * pixels.width;
    for (let x = 0; x < width; x++) {
      if (pixels.data[row + Math.floor(((x + 0.5) * pixels.width) / width)] === 1)
        data.fill(255, 3 * (y * width + x), 3 * (y * width + x) + 3);
    }
  }
  await renderPng({ width, height, data }, path);
}
