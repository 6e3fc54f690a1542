/**
 * @file Decoder of Windows bitmaps, which the image library does not read: 1 to 32 bits, palettes, run lengths, bit masks, top-down rows.
 * Colours of fewer than 8 bits are stretched as Pillow does (`floor(v * 255 / max)`), because the metrics are defined on Pillow's bytes.
 * Source: Microsoft, "Bitmap Storage" and "Bitmap Compression".
 */
import type { RawImage } from "../../platform/raw-image";
import type { BmpHeader } from "./bmp-header";
import { BmpFault, parseBmpHeader } from "./bmp-header";
import { unpackRunLengths } from "./bmp-run-lengths";

/** RGB as it is stored, and the opacity per pixel where the file has one. */
export interface DecodedBmp {
  readonly image: RawImage;
  readonly alpha: Uint8Array | null;
}

/**
 * Decodes the bytes of a .bmp file.
 *
 * @throws BmpFault when the file is cut short or contradicts itself. The caller checks the pixel count with `parseBmpHeader` first.
 */
export function decodeBmp(bytes: Uint8Array): DecodedBmp {
  const header = parseBmpHeader(bytes);
  if (header.pixelOffset > bytes.length) throw new BmpFault("its pixels lie behind the end of the file");
  const pixels = bytes.subarray(header.pixelOffset);
  if (header.encoding === "rle4" || header.encoding === "rle8") {
    return { image: colouredByPalette(unpackRunLengths(pixels, header), header), alpha: null };
  }
  const rowBytes = Math.ceil((header.width * header.bitsPerPixel) / 32) * 4;
  if (pixels.length < rowBytes * header.height - paddingOfLastRow(header, rowBytes)) throw new BmpFault("the file ends within its pixels");
  return header.encoding === "indexed"
    ? { image: colouredByPalette(unpackIndices(pixels, header, rowBytes), header), alpha: null }
    : unpackMasked(pixels, header, rowBytes);
}

/** Some writers leave out the bytes that only pad the very last row. */
function paddingOfLastRow(header: BmpHeader, rowBytes: number): number {
  return rowBytes - Math.ceil((header.width * header.bitsPerPixel) / 8);
}

/** Row of the file that holds picture row `y`: files go bottom up unless they say otherwise. */
function storedRow(header: BmpHeader, y: number): number {
  return header.isTopDown ? y : header.height - 1 - y;
}

/** Palette indices [H, W], top row first. */
function unpackIndices(pixels: Uint8Array, header: BmpHeader, rowBytes: number): Uint8Array {
  const { width, height, bitsPerPixel } = header;
  const perByte = 8 / bitsPerPixel;
  const mask = 2 ** bitsPerPixel - 1;
  const indices = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = storedRow(header, y) * rowBytes;
    for (let x = 0; x < width; x++) {
      const shift = 8 - bitsPerPixel * ((x % perByte) + 1);
      indices[y * width + x] = (pixels[row + Math.floor(x / perByte)]! >> shift) & mask;
    }
  }
  return indices;
}

/** An index beyond the palette is black. */
function colouredByPalette(indices: Uint8Array, { width, height, palette }: BmpHeader): RawImage {
  const data = new Uint8Array(indices.length * 3);
  for (let i = 0; i < indices.length; i++) {
    const entry = indices[i]! * 3;
    if (entry < palette.length) data.set(palette.subarray(entry, entry + 3), i * 3);
  }
  return { width, height, data };
}

interface Channel {
  readonly mask: number;
  readonly shift: number;
  readonly largest: number;
}

function channelOf(mask: number): Channel {
  const shift = mask === 0 ? 0 : 31 - Math.clz32(mask & -mask);
  return { mask, shift, largest: mask >>> shift };
}

function channelValue(pixel: number, { mask, shift, largest }: Channel): number {
  if (largest === 0) return 0;
  const value = (pixel & mask) >>> shift;
  return largest === 255 ? value : Math.floor((value * 255) / largest);
}

/** Pixels of 16, 24 or 32 bits, each a little-endian number that the masks take apart. */
function unpackMasked(pixels: Uint8Array, header: BmpHeader, rowBytes: number): DecodedBmp {
  const { width, height, masks } = header;
  const bytesPerPixel = header.bitsPerPixel / 8;
  const channels = [channelOf(masks.red), channelOf(masks.green), channelOf(masks.blue)] as const;
  const opacity = channelOf(masks.alpha);
  const data = new Uint8Array(width * height * 3);
  const alpha = masks.alpha === 0 ? null : new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    let at = storedRow(header, y) * rowBytes;
    for (let i = y * width; i < (y + 1) * width; i++, at += bytesPerPixel) {
      let pixel = pixels[at]! | (pixels[at + 1]! << 8);
      if (bytesPerPixel > 2) pixel |= pixels[at + 2]! << 16;
      if (bytesPerPixel > 3) pixel |= pixels[at + 3]! << 24;
      data[i * 3] = channelValue(pixel, channels[0]);
      data[i * 3 + 1] = channelValue(pixel, channels[1]);
      data[i * 3 + 2] = channelValue(pixel, channels[2]);
      if (alpha !== null) alpha[i] = channelValue(pixel, opacity);
    }
  }
  // Many writers declare an alpha channel and leave it zero; such a picture is not invisible.
  return { image: { width, height, data }, alpha: alpha?.some((value) => value > 0) === true ? alpha : null };
}
