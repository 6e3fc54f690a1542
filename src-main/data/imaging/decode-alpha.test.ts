import sharp from "sharp";
import { expect, test } from "vitest";
import { goldenImage } from "../../../tests/support/goldens";
import { decodeImage } from "./decode";
import { decodeAlpha } from "./decode-alpha";

const pixels = (channels: 3 | 4, data: readonly number[]) =>
  sharp(Uint8Array.from(data), { raw: { width: 2, height: 1, channels } })
    .png()
    .toBuffer();

test("the opacity of every pixel", async () => {
  expect(await decodeAlpha(await pixels(4, [9, 8, 7, 255, 1, 2, 3, 40]))).toEqual({ width: 2, height: 1, data: Uint8Array.of(255, 40) });
});

test("a picture without transparency has none", async () => {
  expect(await decodeAlpha(await pixels(3, [9, 8, 7, 1, 2, 3]))).toBeNull();
  expect(await decodeAlpha(goldenImage("pp-rgb.bmp"))).toBeNull();
});

test.each(["pp-alpha.webp", "pp-la.png", "pp-palette-trns.png", "sd-alpha.png"])("%s: of the size of the picture", async (name) => {
  const [image, alpha] = [await decodeImage(goldenImage(name)), await decodeAlpha(goldenImage(name))];
  expect([alpha?.width, alpha?.height]).toEqual([image.width, image.height]);
  expect(alpha?.data).toHaveLength(image.width * image.height);
});

test("a file that is no picture ends in a sentence", async () => {
  await expect(decodeAlpha(new TextEncoder().encode("nothing"))).rejects.toMatchObject({
    code: expect.stringMatching(/^image\//) as string,
  });
});
