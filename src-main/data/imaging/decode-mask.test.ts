import sharp from "sharp";
import { expect, test } from "vitest";
import { decodeMask } from "./decode-mask";

const png = (data: readonly number[], channels: 1 | 2 | 3 | 4): Promise<Uint8Array> =>
  sharp(Uint8Array.from(data), { raw: { width: data.length / channels, height: 1, channels } })
    .toColourspace(channels < 3 ? "b-w" : "srgb")
    .png()
    .toBuffer();

test("greys are kept as they are", async () => {
  expect(await decodeMask(await png([0, 1, 127, 128, 254, 255], 1))).toEqual({
    width: 6,
    height: 1,
    data: Uint8Array.of(0, 1, 127, 128, 254, 255),
  });
});

test("of colours the lightness counts", async () => {
  const { data } = await decodeMask(await png([255, 255, 255, 255, 0, 0, 0, 255, 0, 0, 0, 255], 3));
  expect([...data]).toEqual([255, 76, 150, 29]);
});

test("what is transparent does not count, whatever its hidden colour", async () => {
  const { data } = await decodeMask(await png([255, 255, 255, 0, 255, 255, 255, 128, 255, 255, 255, 255, 0, 0, 0, 255], 4));
  expect([...data]).toEqual([0, 128, 255, 0]);
});

test("sixteen bits of grey are read by their high byte", async () => {
  const bytes = await sharp(Uint16Array.of(0, 300, 0x80_00, 65_535), { raw: { width: 4, height: 1, channels: 1 } })
    .toColourspace("grey16")
    .png()
    .toBuffer();
  expect([...(await decodeMask(bytes)).data]).toEqual([0, 1, 128, 255]);
});

test("a file that is no picture is told as one", async () => {
  await expect(decodeMask(new TextEncoder().encode("white"))).rejects.toMatchObject({ code: "image/undecodable" });
});
