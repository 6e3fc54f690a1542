/** @file The laws of a histogram of colours: what it forgets, what it keeps. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { RawImage } from "../../../platform/raw-image";
import { dot } from "../../tensor/linear-algebra";
import { colourHistogram, histogramLength } from "./colour-histogram";

type Pixel = readonly [number, number, number];
const byte = fc.integer({ min: 0, max: 255 });
const pixels = fc.array(fc.tuple(byte, byte, byte), { minLength: 1, maxLength: 40 });

const imageOf = (row: readonly Pixel[]): RawImage => ({ width: row.length, height: 1, data: Uint8Array.from(row.flat()) });
const histogramOf = (row: readonly Pixel[]): Float32Array => {
  const histogram = colourHistogram(imageOf(row));
  if (histogram === null) throw new Error("pictures have colours");
  return histogram;
};
const plain = (pixel: Pixel): Float32Array => histogramOf([pixel]);

test("it has length one, is 1 with itself, the same both ways round and never outside 0 to 1", () => {
  fc.assert(
    fc.property(pixels, pixels, (one, other) => {
      const [a, b] = [histogramOf(one), histogramOf(other)];
      expect(a).toHaveLength(histogramLength);
      expect(dot(a, a)).toBeCloseTo(1, 5);
      expect(dot(a, b)).toBe(dot(b, a));
      expect(dot(a, b)).toBeGreaterThanOrEqual(0);
      expect(dot(a, b)).toBeLessThanOrEqual(1.00001);
    }),
  );
});

test("where a colour is does not count, and neither does how large the picture is", () => {
  fc.assert(
    fc.property(pixels, (row) => {
      const histogram = histogramOf(row);
      expect(dot(histogram, histogramOf(row.toReversed()))).toBeCloseTo(1, 5);
      expect(dot(histogram, histogramOf([...row, ...row]))).toBeCloseTo(1, 5);
    }),
  );
});

test("the further a grey is from another, the less alike they are", () => {
  const likeness = [128, 140, 170, 220, 255].map((level) => dot(plain([128, 128, 128]), plain([level, level, level])));
  expect(likeness).toEqual(likeness.toSorted((a, b) => b - a));
  expect(dot(plain([0, 0, 0]), plain([255, 255, 255]))).toBe(0);
  expect(dot(plain([200, 30, 30]), plain([30, 120, 120]))).toBe(0);
});

test("a mask leaves out what it covers with black; nothing is left of one that is all black", () => {
  const image = imageOf([
    [200, 30, 30],
    [30, 120, 120],
  ]);
  const mask = (...data: number[]) => ({ width: 2, height: 1, data: Uint8Array.from(data) });
  expect(colourHistogram(image, mask(255, 0))).toEqual(plain([200, 30, 30]));
  expect(colourHistogram(image, mask(0, 0))).toBeNull();
});
