/** @file Format and size of a picture without decoding it. */
import sharp from "sharp";
import type { ImageFormat } from "#shared/domain/asset";
import { parseBmpHeader } from "./bmp-header";
import { detectFormat } from "./image-format";
import type { ImageSource } from "./image-file";
import { nameOf, readSignature } from "./image-file";
import { toDecodeError } from "./image-limits";

/** Width and height are those of the upright picture, EXIF orientation applied. */
export interface ImageHeader {
  readonly format: ImageFormat;
  readonly width: number;
  readonly height: number;
}

/**
 * Reads the header of a picture by its content, not its name.
 *
 * @throws image/unreadable, image/unsupported, image/undecodable
 */
export async function readImageHeader(source: ImageSource): Promise<ImageHeader> {
  const name = nameOf(source);
  const head = await readSignature(source);
  const format = detectFormat(head, name);
  try {
    if (format === "bmp") {
      const { width, height } = parseBmpHeader(head);
      return { format, width, height };
    }
    const { autoOrient } = await sharp(source, { failOn: "error", limitInputPixels: false }).metadata();
    return { format, ...autoOrient };
  } catch (error) {
    throw toDecodeError(error, name);
  }
}
