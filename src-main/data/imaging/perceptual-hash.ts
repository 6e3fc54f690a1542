/**
 * @file A hash of 64 bits that stays nearly the same when a picture is scaled, saved again or slightly retouched.
 * Source: Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions", 2010, 3.2 (DCT based hash)
 */
import type { RawImage } from "../../platform/raw-image";

/** Side of the grey square that is transformed, and of its lowest frequencies that are kept. */
const side = 32;
const kept = 8;
/** Row u holds cos((2x + 1) u pi / 2N): the type-II DCT of frequencies 1 to 8; frequency 0 is brightness, which says nothing about likeness. */
const basis = Array.from({ length: kept }, (_, u) =>
  Float64Array.from({ length: side }, (_unused, x) => Math.cos(((2 * x + 1) * (u + 1) * Math.PI) / (2 * side))),
);

/** Frequencies that differ by less differ by how sums are rounded. */
const least = 1e-3;

/** The hash as 16 hex digits: bit `8 v + u`, first bit highest, says whether frequency (u + 1, v + 1) lies above the median of all. */
export function perceptualHash(image: RawImage): string {
  const grey = greySquare(image);
  const rows = basis.map((wave) => Float64Array.from({ length: side }, (_, y) => dot(wave, grey.subarray(y * side, (y + 1) * side))));
  const frequencies = basis.flatMap((wave) => rows.map((row) => dot(wave, row)));
  const ordered = [...frequencies].sort((a, b) => a - b);
  const median = ((ordered[31] ?? 0) + (ordered[32] ?? 0)) / 2;
  let hash = "";
  for (let digit = 0; digit < frequencies.length; digit += 4) {
    const bits = frequencies.slice(digit, digit + 4).reduce((value, frequency) => value * 2 + Number(frequency - median > least), 0);
    hash += bits.toString(16);
  }
  return hash;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/** Luma, averaged over the area that falls on each place of the square: [32, 32]. */
function greySquare({ width, height, data }: RawImage): Float64Array {
  const columns = shares(width);
  const narrow = new Float64Array(height * side);
  for (let y = 0; y < height; y += 1) {
    for (const { from, to, share } of columns) {
      const at = (y * width + from) * 3;
      const luma = 0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0);
      narrow[y * side + to] = (narrow[y * side + to] ?? 0) + luma * share;
    }
  }
  const square = new Float64Array(side * side);
  for (const { from, to, share } of shares(height)) {
    for (let x = 0; x < side; x += 1) square[to * side + x] = (square[to * side + x] ?? 0) + (narrow[from * side + x] ?? 0) * share;
  }
  return square;
}

interface Share {
  readonly from: number;
  readonly to: number;
  readonly share: number;
}

/** Which of `length` pixels falls how much on which of the 32 places; the shares of a place sum to 1. */
function shares(length: number): readonly Share[] {
  const found: Share[] = [];
  const step = length / side;
  for (let to = 0; to < side; to += 1) {
    const [start, end] = [to * step, (to + 1) * step];
    for (let from = Math.floor(start); from < Math.min(length, Math.ceil(end)); from += 1) {
      const overlap = Math.min(end, from + 1) - Math.max(start, from);
      if (overlap > 0) found.push({ from, to, share: overlap / step });
    }
  }
  return found;
}
