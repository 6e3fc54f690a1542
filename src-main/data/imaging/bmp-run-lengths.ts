/** @file Unpacks the RLE4 and RLE8 compression of Windows bitmaps. Source: Microsoft, "Bitmap Compression". */
import type { BmpHeader } from "./bmp-header";
import { BmpFault } from "./bmp-header";

const END_OF_LINE = 0;
const END_OF_BITMAP = 1;
const DELTA = 2;

/**
 * Palette indices [H, W], top row first; pixels that no run reaches are index 0. Runs that leave the picture are cut off.
 * Throws {@link BmpFault} when the data ends before the picture does.
 */
export function unpackRunLengths(packed: Uint8Array, { width, height, isTopDown, encoding }: BmpHeader): Uint8Array {
  const isNibbles = encoding === "rle4";
  const indices = new Uint8Array(width * height);
  let at = 0;
  let x = 0;
  let row = 0;
  const nextByte = (): number => {
    const byte = packed[at++];
    if (byte === undefined) throw new BmpFault("the file ends within its pixels");
    return byte;
  };
  const put = (index: number): void => {
    if (x < width) indices[(isTopDown ? row : height - 1 - row) * width + x] = index;
    x++;
  };
  const nibble = (byte: number, i: number): number => (i % 2 === 0 ? byte >> 4 : byte & 15);

  while (row < height) {
    // A picture whose last row is complete may end without saying so.
    if (at >= packed.length && row === height - 1 && x >= width) break;
    const count = nextByte();
    const value = nextByte();
    if (count > 0) {
      for (let i = 0; i < count; i++) put(isNibbles ? nibble(value, i) : value);
    } else if (value === END_OF_LINE) {
      x = 0;
      row++;
    } else if (value === END_OF_BITMAP) {
      break;
    } else if (value === DELTA) {
      x += nextByte();
      row += nextByte();
    } else {
      const bytes = isNibbles ? Math.ceil(value / 2) : value;
      for (let i = 0, byte = 0; i < value; i++) {
        if (!isNibbles || i % 2 === 0) byte = nextByte();
        put(isNibbles ? nibble(byte, i) : byte);
      }
      at += bytes % 2; // literal runs are padded to 16 bits
    }
  }
  return indices;
}
