import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeBmp } from "./bmp";
import { BmpFault, parseBmpHeader } from "./bmp-header";
import { decodeImage } from "./decode";

interface BmpParts {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly compression?: number;
  /** Bytes between the 40-byte header and the pixels: palette or masks. */
  readonly extra?: readonly number[];
  readonly pixels: readonly number[];
  readonly colours?: number;
}

/** Writes a bitmap with a 40-byte header. */
function bmp({ width, height, bits, compression = 0, extra = [], pixels, colours = 0 }: BmpParts): Uint8Array {
  const bytes = new Uint8Array(54 + extra.length + pixels.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  view.setUint32(2, bytes.length, true);
  view.setUint32(10, 54 + extra.length, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, width, true);
  view.setInt32(22, height, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, bits, true);
  view.setUint32(30, compression, true);
  view.setUint32(46, colours, true);
  bytes.set(extra, 54);
  bytes.set(pixels, 54 + extra.length);
  return bytes;
}

const word = (value: number): number[] => [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24];
const greyPalette = (count: number): number[] => Array.from({ length: count }, (_, i) => [i, i, i, 0]).flat();
const reds = (bytes: Uint8Array): number[] => [...decodeBmp(bytes).image.data].filter((_, i) => i % 3 === 0);

describe("depths", () => {
  test("1, 4 and 8 bits count from the highest bit, rows are padded to four bytes and stored bottom up", () => {
    expect(
      reds(bmp({ width: 9, height: 1, bits: 1, extra: [...word(0), ...word(0xffffff)], pixels: [0b10110001, 0b10000000, 0, 0] })),
    ).toEqual([255, 0, 255, 255, 0, 0, 0, 255, 255]);
    expect(reds(bmp({ width: 3, height: 1, bits: 4, extra: greyPalette(16), pixels: [0x7b, 0x20, 0, 0] }))).toEqual([7, 11, 2]);
    expect(reds(bmp({ width: 1, height: 2, bits: 8, extra: greyPalette(256), pixels: [5, 0, 0, 0, 9, 0, 0, 0] }))).toEqual([9, 5]);
    expect(reds(bmp({ width: 1, height: -2, bits: 8, extra: greyPalette(256), pixels: [5, 0, 0, 0, 9, 0, 0, 0] }))).toEqual([5, 9]);
  });

  test("an index beyond a short palette is black", () => {
    expect(reds(bmp({ width: 2, height: 1, bits: 8, colours: 2, extra: [...word(0), ...word(0x010101)], pixels: [1, 2, 0, 0] }))).toEqual([
      1, 0,
    ]);
  });

  test("16 bits are five a channel, stretched as Pillow does; 24 and 32 bits are blue first", () => {
    expect([...decodeBmp(bmp({ width: 1, height: 1, bits: 16, pixels: [...word((31 << 10) | (16 << 5) | 1)] })).image.data]).toEqual([
      255, 131, 8,
    ]);
    expect([...decodeBmp(bmp({ width: 1, height: 1, bits: 24, pixels: [1, 2, 3, 0] })).image.data]).toEqual([3, 2, 1]);
    expect([...decodeBmp(bmp({ width: 1, height: 1, bits: 32, pixels: [1, 2, 3, 200] })).image.data]).toEqual([3, 2, 1]);
  });

  test("bit masks say where the channels lie, alpha included", () => {
    const masks565 = [...word(0xf800), ...word(0x7e0), ...word(0x1f)];
    expect([
      ...decodeBmp(bmp({ width: 1, height: 1, bits: 16, compression: 3, extra: masks565, pixels: word((31 << 11) | (32 << 5)) })).image
        .data,
    ]).toEqual([255, 129, 0]);
    const rgba = [...word(0xff), ...word(0xff00), ...word(0xff0000), ...word(0xff000000)];
    const { image, alpha } = decodeBmp(bmp({ width: 1, height: 1, bits: 32, compression: 6, extra: rgba, pixels: [9, 8, 7, 128] }));
    expect([...image.data]).toEqual([9, 8, 7]);
    expect([...(alpha ?? [])]).toEqual([128]);
    expect(decodeBmp(bmp({ width: 1, height: 1, bits: 32, compression: 6, extra: rgba, pixels: [9, 8, 7, 0] })).alpha).toBeNull();
  });

  test("the oldest header has 16-bit sizes and three bytes a palette entry", () => {
    const bytes = Uint8Array.of(
      0x42,
      0x4d,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      32,
      0,
      0,
      0,
      12,
      0,
      0,
      0,
      2,
      0,
      1,
      0,
      1,
      0,
      1,
      0,
      3,
      2,
      1,
      6,
      5,
      4,
      0b01000000,
      0,
      0,
      0,
    );
    expect([...decodeBmp(bytes).image.data]).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe("run lengths", () => {
  const rle8 = (pixels: readonly number[], height = 2): number[] =>
    reds(bmp({ width: 4, height, bits: 8, compression: 1, extra: greyPalette(256), pixels }));

  test("runs, literals, line ends, jumps and the end", () => {
    expect(rle8([3, 7, 1, 8, 0, 0, 0, 3, 1, 2, 3, 0, 0, 1])).toEqual([1, 2, 3, 0, 7, 7, 7, 8]);
    expect(rle8([0, 2, 2, 1, 1, 9, 0, 1])).toEqual([0, 0, 9, 0, 0, 0, 0, 0]);
    const rle4 = bmp({ width: 5, height: 1, bits: 4, compression: 2, extra: greyPalette(16), pixels: [3, 0x12, 0, 3, 0x45, 0x60, 0, 1] });
    expect(reds(rle4)).toEqual([1, 2, 1, 4, 5]);
  });

  test("a run that leaves the row is cut off; data that ends early is a fault", () => {
    expect(rle8([200, 7, 0, 1], 1)).toEqual([7, 7, 7, 7]);
    expect(rle8([4, 7], 1)).toEqual([7, 7, 7, 7]);
    expect(() => rle8([3, 7], 1)).toThrow(BmpFault);
    expect(() => rle8([0, 5, 1, 2], 1)).toThrow(BmpFault);
  });
});

test.each([
  ["cut within the pixels", { width: 4, height: 4, bits: 24, pixels: [1, 2, 3] }, "ends within its pixels"],
  ["no width", { width: 0, height: 4, bits: 24, pixels: [] }, "0 x 4 pixels"],
  ["an odd depth", { width: 1, height: 1, bits: 7, pixels: [0, 0, 0, 0] }, "7 bits per pixel"],
  ["an embedded JPEG", { width: 1, height: 1, bits: 24, compression: 4, pixels: [0, 0, 0, 0] }, "compression 4"],
  ["run lengths of the wrong depth", { width: 1, height: 1, bits: 24, compression: 1, pixels: [0, 0, 0, 0] }, "compression 1"],
])("%s is a fault", (_, parts, reason) => {
  expect(() => decodeBmp(bmp(parts))).toThrow(reason);
});

describe("hostile bytes", () => {
  const sizes = fc.record({
    width: fc.integer({ min: 1, max: 12 }),
    height: fc.integer({ min: -12, max: 12 }).filter((height) => height !== 0),
  });
  const kinds = fc.constantFrom(
    { bits: 1, compression: 0 },
    { bits: 4, compression: 0 },
    { bits: 4, compression: 2 },
    { bits: 8, compression: 0 },
    { bits: 8, compression: 1 },
    { bits: 16, compression: 0 },
    { bits: 16, compression: 3 },
    { bits: 24, compression: 0 },
    { bits: 32, compression: 3 },
    { bits: 32, compression: 6 },
  );
  const anyBmp = fc
    .tuple(sizes, kinds, fc.uint8Array({ maxLength: 700 }), fc.nat(80))
    .map(([size, kind, pixels, extra]) => bmp({ ...size, ...kind, extra: [...greyPalette(20)].slice(0, extra), pixels: [...pixels] }));
  const damaged = fc
    .tuple(anyBmp, fc.array(fc.tuple(fc.nat(80), fc.nat(255)), { maxLength: 6 }), fc.nat(800))
    .map(([bytes, changes, length]) => {
      for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
      return bytes.subarray(0, length);
    });

  test("law: any bytes either decode to a whole picture or are refused in a sentence", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          anyBmp,
          damaged,
          fc.uint8Array({ maxLength: 200 }).map((tail) => Uint8Array.of(0x42, 0x4d, ...tail)),
        ),
        async (bytes) => {
          try {
            const { width, height, data } = await decodeImage(bytes, { maxPixels: 100_000 });
            expect(data.length).toBe(width * height * 3);
          } catch (error) {
            expect(error).toMatchObject({
              name: "AppError",
              code: expect.stringMatching(/^image\/(undecodable|too-large)$/),
              message: expect.stringMatching(/^The picture .*\.$/),
            });
            expect((error as Error & { cause?: unknown }).cause ?? new BmpFault()).toBeInstanceOf(BmpFault);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  test("a size that would fill memory is refused before anything is allocated", async () => {
    const bomb = bmp({ width: 60_000, height: 60_000, bits: 8, compression: 1, extra: greyPalette(256), pixels: [0, 1] });
    await expect(decodeImage(bomb)).rejects.toMatchObject({ code: "image/too-large" });
    expect(parseBmpHeader(bomb).width).toBe(60_000);
  });
});
