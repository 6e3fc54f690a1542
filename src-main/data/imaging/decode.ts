/**
 * @file From a picture file to RGB bytes, exactly as Pillow decodes it: every metric is defined on those bytes.
 * Colour profiles are ignored on purpose, as the published code does; thumbnails honour them instead.
 * Source: `diffusers.utils.load_image` and Pillow 11; see docs/data-representation.md.
 */
import sharp from "sharp";
import type { OutputInfo, Sharp } from "sharp";
import type { RawImage } from "../../platform/raw-image";
import { decodeBmp } from "./bmp";
import { parseBmpHeader } from "./bmp-header";
import { detectFormat } from "./image-format";
import type { ImageSource } from "./image-file";
import { nameOf, readImageBytes } from "./image-file";
import { checkPixels, MAX_PIXELS, toDecodeError } from "./image-limits";

// One picture is decoded once; a cache would only keep files open.
sharp.cache(false);

export interface DecodeOptions {
  /**
   * `published` (the default) repeats what the published code makes of unusual files: transparency is dropped so that hidden colours show,
   * and 16-bit grey is clipped at 255. `corrected` puts transparent pictures on white and keeps the high byte of 16-bit grey.
   */
  readonly mode?: "published" | "corrected";
  /** Whether to turn the picture as its EXIF orientation says; true unless the published metric ignores it (VGG-Gram). */
  readonly exif?: boolean;
  readonly maxPixels?: number;
}

/**
 * Decodes a picture; of an animation the first frame.
 *
 * @throws image/unreadable, image/unsupported, image/undecodable (empty, damaged or cut short), image/too-large
 */
export async function decodeImage(source: ImageSource, options: DecodeOptions = {}): Promise<RawImage> {
  const name = nameOf(source);
  const bytes = await readImageBytes(source);
  const format = detectFormat(bytes, name);
  try {
    return format === "bmp" ? decodeBitmap(bytes, name, options) : await decodeWithSharp(bytes, name, options);
  } catch (error) {
    throw toDecodeError(error, name);
  }
}

function decodeBitmap(bytes: Uint8Array, name: string, options: DecodeOptions): RawImage {
  checkPixels(parseBmpHeader(bytes), name, options.maxPixels);
  const { image, alpha } = decodeBmp(bytes);
  if (options.mode !== "corrected" || alpha === null) return image;
  const data = image.data.map((value, i) => {
    const opacity = alpha[Math.floor(i / 3)]!;
    return Math.round((value * opacity + 255 * (255 - opacity)) / 255);
  });
  return { ...image, data };
}

async function decodeWithSharp(bytes: Uint8Array, name: string, options: DecodeOptions): Promise<RawImage> {
  const { mode = "published", exif = true, maxPixels = MAX_PIXELS } = options;
  // "error" refuses files that are cut short, yet lets pass what Pillow too only warns about.
  const open = (): Sharp =>
    sharp(bytes, { ignoreIcc: true, failOn: "error", limitInputPixels: false, ...(exif ? { autoOrient: true } : {}) });
  const metadata = await open().metadata();
  checkPixels({ width: metadata.width, height: metadata.height }, name, maxPixels);
  if (metadata.space === "cmyk") return decodeCmyk(open());
  if (metadata.space === "grey16" && metadata.channels === 1) return decodeGrey16(open(), mode);
  const opaque = mode === "corrected" && metadata.hasAlpha ? open().flatten({ background: "#ffffff" }) : open().removeAlpha();
  return rgbOf(await opaque.toColourspace("srgb").raw().toBuffer({ resolveWithObject: true }));
}

interface DecodedBuffer {
  readonly data: Buffer;
  readonly info: OutputInfo;
}

function rgbOf({ data, info }: DecodedBuffer): RawImage {
  if (info.channels !== 3) throw new Error(`it has ${info.channels} colour channels`);
  return { width: info.width, height: info.height, data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}

/** Ink to light as Pillow multiplies it: `light = paper - ink * paper / 255` with `paper = 255 - black`, in integers. */
async function decodeCmyk(picture: Sharp): Promise<RawImage> {
  const { data, info } = await picture.pipelineColourspace("cmyk").toColourspace("cmyk").raw().toBuffer({ resolveWithObject: true });
  const pixels = info.width * info.height;
  const rgb = new Uint8Array(pixels * 3);
  for (let i = 0; i < pixels; i++) {
    const paper = 255 - data[i * info.channels + 3]!;
    for (let channel = 0; channel < 3; channel++) {
      const product = data[i * info.channels + channel]! * paper + 128;
      rgb[i * 3 + channel] = paper - (((product >> 8) + product) >> 8);
    }
  }
  return { width: info.width, height: info.height, data: rgb };
}

async function decodeGrey16(picture: Sharp, mode: "published" | "corrected"): Promise<RawImage> {
  const { data, info } = await picture.toColourspace("grey16").raw({ depth: "ushort" }).toBuffer({ resolveWithObject: true });
  const greys = new Uint16Array(data.buffer, data.byteOffset, info.width * info.height);
  const rgb = new Uint8Array(greys.length * 3);
  greys.forEach((grey, i) => rgb.fill(mode === "published" ? Math.min(255, grey) : grey >> 8, i * 3, i * 3 + 3));
  return { width: info.width, height: info.height, data: rgb };
}
