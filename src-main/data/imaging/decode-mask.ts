/** @file A mask as a person gives it: a picture of its own in which white counts and black does not. */
import type { MaskImage } from "../../platform/raw-image";
import { decodeImage } from "./decode";
import { decodeAlpha } from "./decode-alpha";
import type { ImageSource } from "./image-file";

/**
 * Decodes a mask, upright: 255 where it is white and opaque, 0 where it is black or transparent, grey in between. Colours count by their lightness as Pillow
 * converts them to grey.
 *
 * @throws as `decodeImage`
 */
export async function decodeMask(source: ImageSource): Promise<MaskImage> {
  const upright = await decodeImage(source, { mode: "corrected" });
  const alpha = await decodeAlpha(source);
  // Corrected puts what is transparent on white, and white counts; published leaves the colours as they are stored.
  const { width, height, data } = alpha === null ? upright : await decodeImage(source, { mode: "published" });
  const mask = new Uint8Array(width * height);
  for (let pixel = 0; pixel < mask.length; pixel++) {
    const [red, green, blue] = [data[pixel * 3] ?? 0, data[pixel * 3 + 1] ?? 0, data[pixel * 3 + 2] ?? 0];
    const grey = (red * 19_595 + green * 38_470 + blue * 7471 + 0x80_00) >> 16;
    mask[pixel] = alpha === null ? grey : Math.round((grey * (alpha.data[pixel] ?? 0)) / 255);
  }
  return { width, height, data: mask };
}
