/** @file Decoded pixels as every metric takes them. See docs/data-representation.md. */

/** 8-bit RGB, interleaved, row by row from the top left; `data.length` is `3 * width * height`. EXIF rotation is already applied. */
export interface RawImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** What counts of a picture of the same size: one byte a pixel, row by row, 0 (does not count) to 255. */
export interface MaskImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}
