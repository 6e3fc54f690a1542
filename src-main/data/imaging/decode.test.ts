import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import type { Sharp } from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decodeImage } from "./decode";
import { readImageHeader } from "./header";
import { encodeForViewing, encodePng, renderPng, renderThumbnail } from "./thumbnail";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "imaging-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, bytes: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

/** A picture with some texture, 40 x 24. */
const raw = { width: 40, height: 24, data: Uint8Array.from({ length: 40 * 24 * 3 }, (_, i) => (i * 7 + Math.floor(i / 120) * 31) % 256) };
const picture = (): Sharp => sharp(raw.data, { raw: { width: 40, height: 24, channels: 3 } });
const bmpOf = (pixel: readonly [number, number, number]): Uint8Array =>
  Uint8Array.of(
    0x42,
    0x4d,
    58,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    54,
    0,
    0,
    0,
    40,
    0,
    0,
    0,
    1,
    0,
    0,
    0,
    1,
    0,
    0,
    0,
    1,
    0,
    24,
    0,
    ...new Uint8Array(24),
    pixel[2],
    pixel[1],
    pixel[0],
    0,
  );

describe("formats are told by content", () => {
  const formats = {
    jpeg: (p: Sharp) => p.jpeg(),
    png: (p: Sharp) => p.png(),
    webp: (p: Sharp) => p.webp(),
    gif: (p: Sharp) => p.gif(),
    tiff: (p: Sharp) => p.tiff({ compression: "lzw" }),
    avif: (p: Sharp) => p.avif({ lossless: true }),
  };

  test.each(Object.entries(formats))("%s under a wrong name", async (format, encode) => {
    const path = file(`${format}.txt`, await encode(picture()).toBuffer());
    expect(await readImageHeader(path)).toEqual({ format, width: 40, height: 24 });
    const decoded = await decodeImage(path);
    expect(decoded).toMatchObject({ width: 40, height: 24 });
    const mean = raw.data.reduce((sum, value, i) => sum + Math.abs(value - decoded.data[i]!), 0) / raw.data.length;
    expect(mean).toBeLessThan(format === "png" || format === "tiff" ? 0.001 : 60);
  });

  test("bmp", async () => {
    const path = file("pixel.png", bmpOf([10, 20, 30]));
    expect(await readImageHeader(path)).toEqual({ format: "bmp", width: 1, height: 1 });
    expect([...(await decodeImage(path)).data]).toEqual([10, 20, 30]);
  });

  test.each([
    ["a.psd", "8BPS\0\x01", "a Photoshop file"],
    ["a.heic", "\0\0\0\x18ftypheic\0\0\0\0mif1heic", "a HEIC picture"],
    ["a.mp4", "\0\0\0\x18ftypisom\0\0\0\0isommp42", "a video"],
    ["a.svg", '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', "an SVG drawing"],
    ["a.jpg", "%PDF-1.7", "a PDF file"],
    ["a.cr2", "II*\0\x10\0\0\0CR\x02\0", "a camera raw file"],
    ["a.nef", "MM\0*\0\0\0\x08", "a camera raw file"],
    ["a.jxl", "\xff\x0a\0\0", "a JPEG XL picture"],
    ["a.ico", "\0\0\x01\0\x01\0", "an icon"],
  ])("%s is refused by name", async (name, content, kind) => {
    const path = file(name, Buffer.from(content, "latin1"));
    const refusal = { code: "image/unsupported", message: `${path} is ${kind}, which cannot be read.` };
    await expect(decodeImage(path)).rejects.toMatchObject(refusal);
    await expect(readImageHeader(path)).rejects.toMatchObject(refusal);
    await expect(renderThumbnail(path, 10)).rejects.toMatchObject(refusal);
  });
});

describe("what cannot be read says why", () => {
  test("not there, a folder, empty, no picture", async () => {
    const missing = join(folder, "missing.png");
    await expect(decodeImage(missing)).rejects.toMatchObject({ code: "image/unreadable", message: `${missing} does not exist.` });
    await expect(readImageHeader(missing)).rejects.toMatchObject({ code: "image/unreadable" });
    await expect(decodeImage(folder)).rejects.toMatchObject({ code: "image/unreadable", message: `${folder} is a folder, not a picture.` });
    await expect(decodeImage(file("empty.png", ""))).rejects.toMatchObject({
      code: "image/undecodable",
      message: expect.stringContaining("is empty"),
    });
    await expect(decodeImage(file("words.png", "just words"))).rejects.toMatchObject({
      code: "image/undecodable",
      message: expect.stringContaining("no picture"),
    });
    await expect(decodeImage(new Uint8Array(0))).rejects.toMatchObject({ message: "The picture is empty." });
  });

  test.each(["jpeg", "png", "webp", "gif", "tiff", "avif"] as const)("%s cut short is an error, not half a picture", async (format) => {
    const whole = await picture().toFormat(format).toBuffer();
    for (const share of [0.2, 0.6, 0.9]) {
      const path = file(`cut.${format}`, whole.subarray(0, Math.floor(whole.length * share)));
      await expect(decodeImage(path)).rejects.toMatchObject({ code: "image/undecodable", message: expect.stringContaining(path) });
    }
  });

  test("progressive JPEG cut short", async () => {
    const whole = await picture().jpeg({ progressive: true }).toBuffer();
    await expect(decodeImage(whole.subarray(0, Math.floor(whole.length * 0.7)))).rejects.toMatchObject({ code: "image/undecodable" });
  });

  test("a damaged middle of a PNG", async () => {
    const bytes = await picture().png().toBuffer();
    bytes.fill(0x5a, bytes.length / 2, bytes.length / 2 + 8);
    await expect(decodeImage(bytes)).rejects.toMatchObject({
      code: "image/undecodable",
      message: expect.stringMatching(/^The picture cannot be decoded: .+\.$/),
    });
  });

  test("too many pixels", async () => {
    const bytes = await picture().png().toBuffer();
    await expect(decodeImage(bytes, { maxPixels: 959 })).rejects.toMatchObject({
      code: "image/too-large",
      message: expect.stringContaining("40 x 24"),
    });
    expect((await decodeImage(bytes, { maxPixels: 960 })).width).toBe(40);
  });
});

describe("published and corrected", () => {
  test("transparency is dropped, or put on white", async () => {
    const png = await sharp(Buffer.from([200, 100, 0, 0, 200, 100, 0, 255]), { raw: { width: 2, height: 1, channels: 4 } })
      .png()
      .toBuffer();
    expect([...(await decodeImage(png)).data]).toEqual([200, 100, 0, 200, 100, 0]);
    expect([...(await decodeImage(png, { mode: "corrected" })).data]).toEqual([255, 255, 255, 200, 100, 0]);
  });

  test("16-bit grey is clipped, or its high byte is kept", async () => {
    const grey = await sharp(Uint16Array.of(7, 300, 0x8000), { raw: { width: 3, height: 1, channels: 1 } })
      .toColourspace("grey16")
      .png()
      .toBuffer();
    expect([...(await decodeImage(grey)).data]).toEqual([7, 7, 7, 255, 255, 255, 255, 255, 255]);
    expect([...(await decodeImage(grey, { mode: "corrected" })).data]).toEqual([0, 0, 0, 1, 1, 1, 128, 128, 128]);
  });

  test("orientation turns the picture unless told otherwise", async () => {
    const turned = await picture().withMetadata({ orientation: 6 }).png().toBuffer();
    expect(await decodeImage(turned)).toMatchObject({ width: 24, height: 40 });
    expect((await decodeImage(turned, { exif: false })).data).toEqual(raw.data);
    expect(await readImageHeader(turned)).toMatchObject({ width: 24, height: 40 });
  });
});

describe("pictures for eyes", () => {
  test("a thumbnail fits its size, upright, and small pictures stay small", async () => {
    const path = file("turned.jpg", await picture().withMetadata({ orientation: 6 }).jpeg().toBuffer());
    expect(await sharp(await renderThumbnail(path, 20)).metadata()).toMatchObject({ format: "webp", width: 12, height: 20 });
    expect(await sharp(await renderThumbnail(path, 500)).metadata()).toMatchObject({ width: 24, height: 40 });
    expect(await sharp(await renderThumbnail(raw, 20)).metadata()).toMatchObject({ width: 20, height: 12 });
    expect(await sharp(await encodeForViewing(file("one.bmp", bmpOf([255, 0, 0])), 20)).metadata()).toMatchObject({
      format: "webp",
      width: 1,
      height: 1,
    });
  });

  test("a colour profile is honoured for eyes and ignored for metrics", async () => {
    const green = sharp({ create: { width: 8, height: 8, channels: 3, background: "#30c040" } });
    const wide = file("wide.png", await green.withIccProfile("p3").png().toBuffer());
    const numbers = (await decodeImage(wide)).data;
    const seen = (await decodeImage(await renderThumbnail(wide, 8))).data;
    expect(Math.abs(numbers[0]! - 0x30)).toBeGreaterThan(10);
    expect(Math.abs(seen[0]! - 0x30)).toBeLessThan(10);
  });

  test("PNG keeps every byte", async () => {
    const path = join(folder, "heat.png");
    await renderPng(raw, path);
    expect(await decodeImage(path)).toEqual(raw);
    expect(await decodeImage(await encodePng(raw))).toEqual(raw);
  });

  test("a broken picture gives no thumbnail", async () => {
    const bytes = await picture().jpeg().toBuffer();
    await expect(renderThumbnail(file("broken.jpg", bytes.subarray(0, bytes.length / 2)), 20)).rejects.toMatchObject({
      code: "image/undecodable",
    });
  });
});
