/**
 * @file Reads the headers of a Windows bitmap and refuses what cannot be true. Nothing in the file is trusted.
 * Source: Microsoft, "Bitmap Storage" (BITMAPCOREHEADER to BITMAPV5HEADER).
 */

/** How the pixels are stored. */
export type BmpEncoding = "indexed" | "rle4" | "rle8" | "masked";

/** Where one channel lies in a pixel, as a bit mask; 0 when there is none. */
export interface BmpMasks {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  readonly alpha: number;
}

export interface BmpHeader {
  readonly width: number;
  readonly height: number;
  readonly isTopDown: boolean;
  readonly bitsPerPixel: 1 | 4 | 8 | 16 | 24 | 32;
  readonly encoding: BmpEncoding;
  readonly masks: BmpMasks;
  /** Red, green, blue of each palette entry; empty without a palette. */
  readonly palette: Uint8Array;
  readonly pixelOffset: number;
}

const FILE_HEADER = 14;
const CORE_HEADER = 12;
const compressions = { none: 0, rle8: 1, rle4: 2, bitfields: 3, alphaBitfields: 6 } as const;
const depths = [1, 4, 8, 16, 24, 32] as const;

/** A fault of the file, as a reason to put after "cannot be decoded:". */
export class BmpFault extends Error {}

/** Parses the headers and the palette. Throws {@link BmpFault}. */
export function parseBmpHeader(bytes: Uint8Array): BmpHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < FILE_HEADER + CORE_HEADER || view.getUint16(0) !== 0x424d) throw new BmpFault("the file ends within its header");
  const headerSize = view.getUint32(FILE_HEADER, true);
  if (headerSize !== CORE_HEADER && (headerSize < 40 || headerSize > 256))
    throw new BmpFault(`a header of ${headerSize} bytes is not known`);
  if (bytes.length < FILE_HEADER + headerSize) throw new BmpFault("the file ends within its header");
  const isCore = headerSize === CORE_HEADER;
  const width = isCore ? view.getUint16(18, true) : view.getInt32(18, true);
  const signedHeight = isCore ? view.getUint16(20, true) : view.getInt32(22, true);
  if (width < 1 || signedHeight === 0 || signedHeight === -0x80000000)
    throw new BmpFault(`${width} x ${signedHeight} pixels are not possible`);
  const depth = view.getUint16(isCore ? 24 : 28, true);
  const bitsPerPixel = depths.find((known) => known === depth);
  if (bitsPerPixel === undefined) throw new BmpFault(`${depth} bits per pixel are not known`);
  const compression = isCore ? compressions.none : view.getUint32(30, true);
  return {
    width,
    height: Math.abs(signedHeight),
    isTopDown: signedHeight < 0,
    bitsPerPixel,
    encoding: encodingOf(compression, bitsPerPixel),
    masks: readMasks(view, headerSize, compression),
    palette: bitsPerPixel > 8 ? new Uint8Array(0) : readPalette(view, { headerSize, compression, bitsPerPixel }),
    pixelOffset: view.getUint32(10, true),
  };
}

function encodingOf(compression: number, bitsPerPixel: number): BmpEncoding {
  if (compression === compressions.none) return bitsPerPixel <= 8 ? "indexed" : "masked";
  if (compression === compressions.rle8 && bitsPerPixel === 8) return "rle8";
  if (compression === compressions.rle4 && bitsPerPixel === 4) return "rle4";
  const hasMasks = compression === compressions.bitfields || compression === compressions.alphaBitfields;
  if (hasMasks && (bitsPerPixel === 16 || bitsPerPixel === 32)) return "masked";
  throw new BmpFault(`compression ${compression} with ${bitsPerPixel} bits per pixel is not known`);
}

/** Masks lie in the header from version 2 on, and right behind a 40-byte one; without any, the depth implies them. */
function readMasks(view: DataView, headerSize: number, compression: number): BmpMasks {
  const isMasked = compression === compressions.bitfields || compression === compressions.alphaBitfields;
  if (!isMasked) {
    const isFiveBits = view.getUint16(headerSize === CORE_HEADER ? 24 : 28, true) === 16;
    return isFiveBits ? { red: 0x7c00, green: 0x3e0, blue: 0x1f, alpha: 0 } : { red: 0xff0000, green: 0xff00, blue: 0xff, alpha: 0 };
  }
  const start = FILE_HEADER + 40;
  const hasAlpha = headerSize >= 56 || compression === compressions.alphaBitfields;
  if (view.byteLength < start + (hasAlpha ? 16 : 12)) throw new BmpFault("the file ends within its colour masks");
  const mask = (index: number): number => view.getUint32(start + index * 4, true);
  return { red: mask(0), green: mask(1), blue: mask(2), alpha: hasAlpha ? mask(3) : 0 };
}

interface PalettePlace {
  readonly headerSize: number;
  readonly compression: number;
  readonly bitsPerPixel: number;
}

/** Entries are blue, green, red and, but for the oldest header, a spare byte. Fewer than the depth allows is legal. */
function readPalette(view: DataView, { headerSize, bitsPerPixel }: PalettePlace): Uint8Array {
  const isCore = headerSize === CORE_HEADER;
  const most = 2 ** bitsPerPixel;
  const declared = isCore ? 0 : view.getUint32(46, true);
  const count = declared === 0 || declared > most ? most : declared;
  const stride = isCore ? 3 : 4;
  const start = FILE_HEADER + headerSize;
  // Pixels may start before the palette that is declared is complete; what lies behind them is no palette.
  const end = Math.min(view.byteLength, Math.max(start, view.getUint32(10, true)));
  const entries = Math.min(count, Math.floor((end - start) / stride));
  if (entries === 0) throw new BmpFault("its palette is missing");
  const palette = new Uint8Array(entries * 3);
  for (let i = 0; i < entries; i++) {
    for (let channel = 0; channel < 3; channel++) palette[i * 3 + channel] = view.getUint8(start + i * stride + 2 - channel);
  }
  return palette;
}
