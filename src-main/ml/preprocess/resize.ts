/**
 * @file Resizing 8-bit pictures exactly as Pillow does: two passes of 22-bit fixed-point weights, rounded and clamped to
 * 8 bits after each. Every metric is defined on these very bytes, so no other resampler may stand in.
 * Source: Pillow `Resample.c`.
 */
import type { RawImage } from "../../platform/raw-image";
import { passWeights, WEIGHT_BITS } from "./resample-filters";
import type { PassWeights, ResampleFilter } from "./resample-filters";

/** `pillow-13` goes vertical first when the height shrinks by more than twice the width; `pillow-11` always horizontal first. */
export type PassOrder = "pillow-11" | "pillow-13";

export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

export interface ResizeOptions {
  readonly filter: ResampleFilter;
  /** Defaults to `pillow-11`, the version the published numbers were made with. */
  readonly passOrder?: PassOrder;
}

/** Interleaved 8-bit samples of any number of channels, row by row; `data.length` is `width * height * channels`. */
export interface Samples extends ImageSize {
  readonly channels: number;
  readonly data: Uint8Array;
}

/** Resizes an RGB picture to `size`; always returns fresh bytes. */
export function resize(image: RawImage, size: ImageSize, options: ResizeOptions): RawImage {
  const { width, height, data } = resizeSamples({ ...image, channels: 3 }, size, options);
  return { width, height, data };
}

/** Resizes samples of any channel count, each channel on its own (a grey mask has one). */
export function resizeSamples(samples: Samples, size: ImageSize, options: ResizeOptions): Samples {
  for (const side of [size.width, size.height, samples.width, samples.height]) {
    if (!Number.isInteger(side) || side < 1)
      throw new Error(`Cannot resize ${samples.width}x${samples.height} to ${size.width}x${size.height}`);
  }
  const horizontal = (input: Samples): Samples =>
    input.width === size.width ? input : resizeRows(input, passWeights(options.filter, input.width, size.width), size.width);
  const vertical = (input: Samples): Samples =>
    input.height === size.height ? input : resizeColumns(input, passWeights(options.filter, input.height, size.height), size.height);
  const shrunkRows = samples.height - size.height;
  const isVerticalFirst = options.passOrder === "pillow-13" && shrunkRows > 0 && shrunkRows > 2 * (samples.width - size.width);
  const resized = isVerticalFirst ? horizontal(vertical(samples)) : vertical(horizontal(samples));
  return resized === samples ? { ...samples, data: samples.data.slice() } : resized;
}

/** Half a unit of the last kept bit: makes the final shift round to nearest. */
const ROUNDING = 1 << (WEIGHT_BITS - 1);

function toByte(accumulator: number): number {
  const value = accumulator >> WEIGHT_BITS;
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

/** Horizontal pass: [H, W_in, C] to [H, W_out, C]. */
function resizeRows(input: Samples, pass: PassWeights, width: number): Samples {
  const { height, channels } = input;
  const data = new Uint8Array(width * height * channels);
  const resizeRow = channels === 3 ? resizeRgbRow : resizeRowOfChannels;
  for (let y = 0; y < height; y++) resizeRow(input, pass, { data, width, y });
  return { width, height, channels, data };
}

interface RowTarget {
  readonly data: Uint8Array;
  readonly width: number;
  readonly y: number;
}

// Typed arrays are read in the three loops below without `defined`: they run once per sample and tap, and the indices
// follow from the sizes the arrays were made with.

function resizeRgbRow(input: Samples, pass: PassWeights, target: RowTarget): void {
  const source = input.data;
  const { weights, starts, counts, taps } = pass;
  const rowStart = target.y * input.width * 3;
  let to = target.y * target.width * 3;
  for (let x = 0; x < target.width; x++) {
    let from = rowStart + starts[x]! * 3;
    let tap = x * taps;
    const lastTap = tap + counts[x]!;
    let red = ROUNDING;
    let green = ROUNDING;
    let blue = ROUNDING;
    for (; tap < lastTap; tap++, from += 3) {
      const weight = weights[tap]!;
      red = (red + Math.imul(source[from]!, weight)) | 0;
      green = (green + Math.imul(source[from + 1]!, weight)) | 0;
      blue = (blue + Math.imul(source[from + 2]!, weight)) | 0;
    }
    target.data[to] = toByte(red);
    target.data[to + 1] = toByte(green);
    target.data[to + 2] = toByte(blue);
    to += 3;
  }
}

function resizeRowOfChannels(input: Samples, pass: PassWeights, target: RowTarget): void {
  const { channels } = input;
  for (let x = 0; x < target.width; x++) {
    const from = (target.y * input.width + pass.starts[x]!) * channels;
    for (let channel = 0; channel < channels; channel++) {
      let sum = ROUNDING;
      for (let j = 0; j < pass.counts[x]!; j++) {
        sum = (sum + Math.imul(input.data[from + j * channels + channel]!, pass.weights[x * pass.taps + j]!)) | 0;
      }
      target.data[(target.y * target.width + x) * channels + channel] = toByte(sum);
    }
  }
}

/** Vertical pass: [H_in, W, C] to [H_out, W, C]. Whole rows are added at a time, so memory is read in order. */
function resizeColumns(input: Samples, pass: PassWeights, height: number): Samples {
  const rowLength = input.width * input.channels;
  const data = new Uint8Array(rowLength * height);
  const sums = new Int32Array(rowLength);
  for (let y = 0; y < height; y++) {
    sums.fill(ROUNDING);
    for (let j = 0; j < pass.counts[y]!; j++) {
      const weight = pass.weights[y * pass.taps + j]!;
      const from = (pass.starts[y]! + j) * rowLength;
      for (let i = 0; i < rowLength; i++) sums[i] = (sums[i]! + Math.imul(input.data[from + i]!, weight)) | 0;
    }
    const to = y * rowLength;
    for (let i = 0; i < rowLength; i++) data[to + i] = toByte(sums[i]!);
  }
  return { width: input.width, height, channels: input.channels, data };
}
