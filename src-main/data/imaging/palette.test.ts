import fc from "fast-check";
import { expect, test } from "vitest";
import { paletteColourSchema } from "#shared/domain/asset-metadata";
import { colourDistance, okLabOf } from "#shared/lib/colour";
import { dominantColours } from "./palette";

type Rgb = readonly [red: number, green: number, blue: number];

/** Rows of one colour each, as many pixels of it as is said. */
function stripes(...rows: readonly (readonly [count: number, colour: Rgb])[]) {
  const pixels = rows.flatMap(([count, colour]) => Array.from({ length: count }, () => colour));
  return { width: 1, height: pixels.length, data: Uint8Array.from(pixels.flat()) };
}

const opaque = (pixels: number): Uint8Array => new Uint8Array(pixels).fill(255);

test("colours by the share they cover, the largest first", () => {
  const image = stripes([20, [0, 0, 255]], [70, [255, 0, 0]], [10, [255, 255, 255]]);
  expect(dominantColours(image, opaque(100))).toEqual([
    { colour: "#ff0000", share: 0.7 },
    { colour: "#0000ff", share: 0.2 },
    { colour: "#ffffff", share: 0.1 },
  ]);
});

test("shades that look alike are one colour, and a stray pixel is none", () => {
  const image = stripes([500, [200, 40, 40]], [499, [204, 44, 42]], [1, [0, 255, 0]]);
  const palette = dominantColours(image, opaque(1000));
  expect(palette).toHaveLength(1);
  expect(palette[0]?.share).toBe(1);
  expect(colourDistance(okLabOf(palette[0]?.colour ?? ""), okLabOf("#ca2a29"))).toBeLessThan(0.01);
});

test("transparent pixels do not count", () => {
  const image = stripes([50, [255, 0, 0]], [50, [0, 255, 0]]);
  const opacity = opaque(100).fill(0, 50);
  expect(dominantColours(image, opacity)).toEqual([{ colour: "#ff0000", share: 1 }]);
  expect(dominantColours(image, new Uint8Array(100))).toEqual([]);
});

test("any pixels: at most six colours that sum to one, the same whenever asked and whatever the order of the pixels", () => {
  const byte = fc.nat(255);
  fc.assert(
    fc.property(fc.array(fc.tuple(byte, byte, byte), { minLength: 1, maxLength: 300 }), (pixels) => {
      const image = stripes(...pixels.map((colour): [number, Rgb] => [1, colour]));
      const palette = dominantColours(image, opaque(pixels.length));
      expect(palette.length).toBeGreaterThan(0);
      expect(palette.length).toBeLessThanOrEqual(6);
      expect(palette.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
      expect(palette.map(({ share }) => share)).toEqual([...palette.map(({ share }) => share)].sort((a, b) => b - a));
      expect(palette.every((colour) => paletteColourSchema.safeParse(colour).success)).toBe(true);
      const reversed = stripes(...pixels.toReversed().map((colour): [number, Rgb] => [1, colour]));
      expect(dominantColours(reversed, opaque(pixels.length))).toEqual(palette);
    }),
  );
});
