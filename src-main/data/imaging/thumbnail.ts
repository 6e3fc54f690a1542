/**
 * @file Pictures for eyes: thumbnails and exports. Unlike decode.ts this honours colour profiles, because a screen does.
 */
import sharp from "sharp";
import type { Sharp } from "sharp";
import { writeFileAtomic } from "../../platform/atomic-file";
import type { RawImage } from "../../platform/raw-image";
import { decodeImage } from "./decode";
import { detectFormat } from "./image-format";
import { readSignature } from "./image-file";
import { MAX_PIXELS, toDecodeError } from "./image-limits";

/** Good enough that a thumbnail shows no blocks, small enough that 100 000 of them fit anywhere. */
const THUMBNAIL_QUALITY = 80;
const VIEWING_QUALITY = 92;

/**
 * Upright sRGB WebP whose longer side is at most `longSide` pixels; small pictures are not enlarged. Transparency is kept.
 *
 * @throws image/unreadable, image/unsupported, image/undecodable, image/too-large
 */
export function renderThumbnail(image: string | RawImage, longSide: number): Promise<Buffer> {
  return renderWebp(image, longSide, THUMBNAIL_QUALITY);
}

/** As {@link renderThumbnail}, in a quality for looking closely: for pictures a browser cannot show itself. */
export function encodeForViewing(image: string | RawImage, longSide: number): Promise<Buffer> {
  return renderWebp(image, longSide, VIEWING_QUALITY);
}

/** Lossless PNG of RGB pixels. */
export function encodePng(image: RawImage): Promise<Buffer> {
  return fromRaw(image).png().toBuffer();
}

/** Writes RGB pixels as a PNG file, replacing what is there. @throws disk/full, disk/read-only, disk/failed */
export async function renderPng(image: RawImage, path: string): Promise<void> {
  await writeFileAtomic(path, await encodePng(image));
}

async function renderWebp(image: string | RawImage, longSide: number, quality: number): Promise<Buffer> {
  const picture = typeof image === "string" ? await openForEyes(image) : fromRaw(image);
  try {
    return await picture
      .resize({ width: longSide, height: longSide, fit: "inside", withoutEnlargement: true })
      .toColourspace("srgb")
      .webp({ quality, effort: 2 })
      .toBuffer();
  } catch (error) {
    throw toDecodeError(error, typeof image === "string" ? image : "The picture");
  }
}

async function openForEyes(path: string): Promise<Sharp> {
  const format = detectFormat(await readSignature(path), path);
  return format === "bmp"
    ? fromRaw(await decodeImage(path))
    : sharp(path, { autoOrient: true, failOn: "error", limitInputPixels: MAX_PIXELS });
}

function fromRaw({ width, height, data }: RawImage): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } });
}
