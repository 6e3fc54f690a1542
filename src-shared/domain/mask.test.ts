import fc from "fast-check";
import { expect, test } from "vitest";
import { longestMaskSide, maskSchema, maskSize, packMask, unpackMask } from "./mask";

const pixels = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }))
  .chain(([width, height]) =>
    fc
      .array(fc.integer({ min: 0, max: 1 }), { minLength: width * height, maxLength: width * height })
      .map((bits) => ({ width, height, data: Uint8Array.from(bits) })),
  );

test("a mask is what was packed, and fits its schema", () => {
  fc.assert(
    fc.property(pixels, (given) => {
      const packed = packMask(given);
      expect(maskSchema.parse(packed)).toEqual(packed);
      expect(unpackMask(packed)).toEqual(given);
    }),
  );
});

test("the first run is of what does not count", () => {
  expect(packMask({ width: 3, height: 1, data: Uint8Array.of(255, 255, 0) }).runs).toEqual([0, 2, 1]);
});

test.each([
  ["runs that are too short", { width: 2, height: 2, runs: [3] }],
  ["runs that are too long", { width: 2, height: 2, runs: [5] }],
  ["negative runs", { width: 2, height: 2, runs: [-1, 5] }],
  ["broken runs", { width: 2, height: 2, runs: [1.5, 2.5] }],
  ["no runs", { width: 2, height: 2, runs: [] }],
  ["a side too long", { width: longestMaskSide + 1, height: 1, runs: [longestMaskSide + 1] }],
  ["no pixels", { width: 0, height: 0, runs: [0] }],
])("%s are refused", (_, mask) => {
  expect(maskSchema.safeParse(mask).success).toBe(false);
});

test("a mask has the shape of its picture", () => {
  expect(maskSize({ width: 4000, height: 3000 })).toEqual({ width: 256, height: 192 });
  expect(maskSize({ width: 40, height: 30 })).toEqual({ width: 40, height: 30 });
  expect(maskSize({ width: 100_000, height: 3 })).toEqual({ width: 256, height: 1 });
});
