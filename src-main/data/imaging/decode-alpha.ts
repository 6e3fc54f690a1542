/** @file The transparency of a picture, for those who want it apart from its colours. */
import sharp from "sharp";
import type { MaskImage } from "../../platform/raw-image";
import { decodeBmp } from "./bmp";
import { detectFormat } from "./image-format";
import type { ImageSource } from "./image-file";
import { nameOf, readImageBytes } from "./image-file";
import { toDecodeError } from "./image-limits";

/**
 * The opacity of every pixel, upright, 0 is transparent; null for a picture without.
 *
 * @throws as `decodeImage`, which is to be asked first: it has the limits
 */
export async function decodeAlpha(source: ImageSource): Promise<MaskImage | null> {
  const name = nameOf(source);
  const bytes = await readImageBytes(source);
  try {
    if (detectFormat(bytes, name) === "bmp") {
      const { image, alpha } = decodeBmp(bytes);
      return alpha === null ? null : { width: image.width, height: image.height, data: alpha };
    }
    return await alphaChannel(bytes);
  } catch (error) {
    throw toDecodeError(error, name);
  }
}

async function alphaChannel(bytes: Uint8Array): Promise<MaskImage | null> {
  const picture = sharp(bytes, { ignoreIcc: true, failOn: "error", limitInputPixels: false, autoOrient: true });
  const { hasAlpha } = await picture.metadata();
  if (!hasAlpha) return null;
  const { data, info } = await picture.toColourspace("srgb").extractChannel("alpha").raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}
