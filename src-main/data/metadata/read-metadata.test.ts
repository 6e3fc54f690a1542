import { open } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  comfyGeneration,
  comfyPrompt,
  exifBlob,
  infotext,
  iptcSegment,
  jpegWith,
  jpegWithExif,
  pngChunk,
  pngWith,
  pngWithTexts,
  textChunk,
  unicodeComment,
  webpWithExif,
  xmpPacket,
  xmpSegment,
} from "../../../tests/support/metadata-samples";
import { picture } from "../../../tests/support/pictures";
import { scratchFolder } from "../../../tests/support/scratch-folder";
import { maxPieceBytes } from "./byte-source";
import { readMetadata } from "./read-metadata";

const scratch = scratchFolder();
const nothing = { generation: null, capture: null, description: null, raw: {} };
const seed = "18446744073709551615";

test("a picture that says nothing", async () => {
  for (const format of ["png", "jpeg", "webp", "avif", "tiff", "gif"] as const)
    expect(await readMetadata(await picture(3).flatten().toFormat(format).toBuffer())).toEqual(nothing);
});

test.each(["tEXt", "zTXt", "iTXt", "iTXt packed"] as const)(
  "a web UI's text in a PNG, as %s, before the pixels and after them",
  async (form) => {
    for (const isAfterPixels of [false, true]) {
      const { generation, raw, description } = await readMetadata(
        await pngWith([textChunk("parameters", infotext, form)], { isAfterPixels }),
      );
      expect(generation).toMatchObject({ generator: "a1111", seed, sampler: "DPM++ 2M", model: "sd_xl_base_1.0" });
      expect(raw).toEqual({ parameters: infotext });
      expect(description).toBeNull();
    }
  },
);

test("a text that is UTF-8 where Latin-1 is meant, and one that is Latin-1", async () => {
  const notes = "füchse\nSteps: 3, Seed: 1";
  const utf8 = await pngWith([pngChunk("tEXt", Buffer.concat([Buffer.from("parameters\0"), Buffer.from(notes)]))]);
  expect((await readMetadata(utf8)).generation?.prompt).toBe("füchse");
  expect((await readMetadata(await pngWith([textChunk("parameters", notes)]))).generation?.prompt).toBe("füchse");
  expect((await readMetadata(await pngWith([textChunk("parameters", `狐\n${notes}`, "iTXt")]))).generation?.prompt).toBe("狐\nfüchse");
});

test.each(["big", "little"] as const)("a web UI's text in JPEG and WebP, as UTF-16 of %s order", async (order) => {
  const fields = { UserComment: unicodeComment(`狐 ${infotext}`, order) };
  for (const file of [await jpegWithExif(fields), await webpWithExif(fields)]) {
    const { generation, raw, capture } = await readMetadata(file);
    expect(generation).toMatchObject({ generator: "a1111", seed, steps: 28 });
    expect(generation?.prompt).toMatch(/^狐 a fox/);
    expect(raw).toEqual({ "EXIF UserComment": `狐 ${infotext}` });
    expect(capture).toBeNull();
  }
});

test("ComfyUI's graphs: in texts of a PNG, and in whichever fields of EXIF its savers use", async () => {
  expect((await readMetadata(await pngWithTexts({ prompt: comfyPrompt, workflow: '{"nodes": []}' }))).generation).toEqual(comfyGeneration);
  const fields = { Make: 'workflow:{"nodes": []}', Model: `prompt:${comfyPrompt}` };
  expect((await readMetadata(await webpWithExif(fields))).generation).toEqual(comfyGeneration);
  expect((await readMetadata(await jpegWithExif({ ImageDescription: `Prompt: ${comfyPrompt}` }))).generation).toEqual(comfyGeneration);
  const avif = await picture(2).flatten().withExif({ IFD0: fields }).avif({ effort: 0 }).toBuffer();
  const read = await readMetadata(avif);
  expect(read.generation).toEqual(comfyGeneration);
  // A graph in the place of a camera's name is no camera, and none in that of a caption is one.
  expect(read.capture).toBeNull();
  expect(read.description).toBeNull();
});

test("Fooocus in EXIF, with its scheme as the maker's note", async () => {
  const notes = {
    UserComment: Buffer.from('{"prompt": "a fox", "seed": "5", "steps": 30}'),
    MakerNote: Buffer.from("fooocus"),
    Software: "Fooocus v2.5.0",
  };
  expect((await readMetadata(await jpegWithExif(notes))).generation).toMatchObject({ generator: "fooocus", prompt: "a fox", seed: "5" });
});

test.each(["jpeg", "webp", "avif", "png"] as const)("how a picture was taken, in a %s", async (format) => {
  const taken = {
    IFD0: { Make: "Canon", Model: "Canon EOS R5" },
    IFD2: {
      ExposureTime: "1/250",
      FNumber: "28/10",
      ISOSpeedRatings: "400",
      FocalLength: "50/1",
      LensModel: "RF50mm F1.8",
      DateTimeOriginal: "2026:01:02 03:04:05",
      OffsetTimeOriginal: "+02:00",
    },
  };
  const { capture } = await readMetadata(await picture(4).flatten().withExif(taken).toFormat(format).toBuffer());
  expect(capture).toEqual({
    camera: "Canon EOS R5",
    lens: "RF50mm F1.8",
    takenMs: Date.UTC(2026, 0, 2, 1, 4, 5),
    exposureSeconds: 0.004,
    fNumber: 2.8,
    iso: 400,
    focalLengthMm: 50,
  });
});

test("a TIFF, whose own fields are those of EXIF", async () => {
  const { capture, generation } = await readMetadata(
    exifBlob({ Make: "Canon", Model: "Canon EOS R5", UserComment: unicodeComment(infotext) }),
  );
  expect(capture).toMatchObject({ camera: "Canon EOS R5", iso: null });
  expect(generation).toMatchObject({ generator: "a1111", seed });
});

test("a large TIFF, whose directory lies behind its pixels", async () => {
  const path = join(scratch, "large.tif");
  const small = exifBlob({ Make: "Canon", UserComment: unicodeComment(infotext) });
  const behind = 300e6;
  const pointer = Buffer.alloc(4);
  pointer.writeUInt32LE(behind);
  const file = await open(path, "w");
  await file.write(Buffer.concat([small.subarray(0, 4), pointer, small.subarray(8)]), 0, small.length, 0);
  // Two fields; what they point to stays at the beginning.
  await file.write(small, 8, 2 + 2 * 12 + 4, behind);
  await file.close();
  const { capture, generation } = await readMetadata(path);
  expect(capture?.camera).toBe("Canon");
  expect(generation?.generator).toBe("a1111");
});

test("a camera without its maker in its name, and a time without a zone", async () => {
  const taken = { IFD0: { Make: "SONY", Model: "ILCE-7M4" }, IFD2: { DateTimeOriginal: "2026:07:02 03:04:05" } };
  const { capture } = await readMetadata(await picture(4).flatten().withExif(taken).jpeg().toBuffer());
  expect(capture).toMatchObject({ camera: "SONY ILCE-7M4", takenMs: new Date(2026, 6, 2, 3, 4, 5).getTime(), iso: null });
});

const described = xmpPacket(
  `<xmp:Rating>4</xmp:Rating><dc:title><rdf:Alt><rdf:li xml:lang="de">Fuchs</rdf:li><rdf:li xml:lang="x-default">Fox &amp; hound</rdf:li></rdf:Alt></dc:title><dc:subject><rdf:Bag><rdf:li>ink</rdf:li><rdf:li>狐</rdf:li></rdf:Bag></dc:subject><dc:creator><rdf:Seq><rdf:li>Ann</rdf:li><rdf:li>Bob</rdf:li></rdf:Seq></dc:creator><dc:rights><rdf:Alt><rdf:li xml:lang="x-default">CC0</rdf:li></rdf:Alt></dc:rights>`,
);
const description = { title: "Fox & hound", caption: null, creator: "Ann, Bob", copyright: "CC0", keywords: ["ink", "狐"], rating: 4 };

test.each(["jpeg", "webp", "avif", "png", "tiff"] as const)("how a picture was described, in the XMP of a %s", async (format) => {
  const read = await readMetadata(await picture(5).flatten().withXmp(described).toFormat(format).toBuffer());
  expect(read.description).toEqual(description);
  expect(read.raw["XMP"]).toContain("Fox &amp; hound");
});

test("IPTC in UTF-8 and in Latin-1, joined with the keywords of XMP", async () => {
  const iptc = iptcSegment([
    [25, Buffer.from("Füchse")],
    [25, Buffer.from("INK")],
    [5, Buffer.from("Bär", "latin1")],
    [80, Buffer.from("Ann")],
    [120, Buffer.from("In the wood")],
  ]);
  expect((await readMetadata(await jpegWith([iptc]))).description).toEqual({
    title: "Bär",
    caption: "In the wood",
    creator: "Ann",
    copyright: null,
    keywords: ["Füchse", "INK"],
    rating: null,
  });
  expect((await readMetadata(await jpegWith([iptc, xmpSegment(described)]))).description?.keywords).toEqual(["ink", "狐", "Füchse"]);
});

test("stars of Windows, a rejected picture, keywords of Windows", async () => {
  const rating = async (properties: string) =>
    (await readMetadata(await picture(5).flatten().withXmp(xmpPacket(properties)).jpeg().toBuffer())).description?.rating ?? null;
  expect(await rating("<xmp:Rating>-1</xmp:Rating>")).toBe(-1);
  expect(await rating("<xmp:Rating>75</xmp:Rating>")).toBe(4);
  expect(await rating("<xmp:Rating>0</xmp:Rating>")).toBeNull();
  const keywords = { XPKeywords: Buffer.from("ink;fox\0", "utf16le") };
  expect((await readMetadata(await jpegWithExif(keywords))).description?.keywords).toEqual(["ink", "fox"]);
});

test("texts of equal names are all kept", async () => {
  const { raw } = await readMetadata(
    await pngWith([textChunk("Comment", "one"), textChunk("Comment", "two"), textChunk("Comment", "one")]),
  );
  expect(raw).toEqual({ Comment: "one", "Comment (2)": "two" });
  const many = await readMetadata(await pngWith(Array.from({ length: 3000 }, (_, copy) => textChunk("Comment", String(copy)))));
  expect(Object.keys(many.raw)).toHaveLength(500);
});

test("what is damaged is left out, the rest is read", async () => {
  const good = textChunk("parameters", infotext);
  const bad = [
    pngChunk("zTXt", Buffer.from("broken\0\0no deflate")),
    pngChunk("iTXt", Buffer.from("cut\0")),
    pngChunk("tEXt", Buffer.from("no name at all")),
    pngChunk("eXIf", Buffer.from("no TIFF")),
    textChunk("prompt", '{"1": {"class_type": "KSampler", "inputs":'),
    textChunk("XML:com.adobe.xmp", "<x:xmpmeta><unclosed>", "iTXt"),
    textChunk("bomb", "a".repeat(3 * maxPieceBytes), "zTXt"),
  ];
  const { generation } = await readMetadata(await pngWith([...bad, good]));
  expect(generation).toMatchObject({ generator: "a1111", seed });
});

test("lengths that lie, and a file that is cut short anywhere", async () => {
  const whole = await pngWith([textChunk("parameters", infotext)]);
  const lying = Buffer.from(whole);
  lying.writeUInt32BE(0xff_ff_ff_f0, lying.indexOf("tEXt") - 4);
  expect(await readMetadata(lying)).toEqual(nothing);
  const jpeg = await jpegWithExif({ UserComment: unicodeComment(infotext), Make: "Canon" });
  const webp = await webpWithExif({ UserComment: unicodeComment(infotext), Make: "Canon" });
  for (const file of [whole, jpeg, webp]) for (let end = 64; end < file.length; end += 37) await readMetadata(file.subarray(0, end));
});

test("XMP as deep as a file can hold", async () => {
  const deep = xmpPacket(`${"<dc:a>".repeat(5_000)}${"</dc:a>".repeat(5_000)}`);
  const jpegs = await pngWith([textChunk("XML:com.adobe.xmp", deep, "iTXt")]);
  expect((await readMetadata(jpegs)).description).toBeNull();
});

test("any bytes after any beginning, and any change to a good file, end in an account or in a sentence", async () => {
  const files = [
    await pngWithTexts({ parameters: infotext, prompt: comfyPrompt }),
    await jpegWithExif({ UserComment: unicodeComment(infotext), Make: "Canon" }),
    await webpWithExif({ Make: "workflow:{}", UserComment: unicodeComment(infotext) }),
    await picture(5)
      .flatten()
      .withXmp(described)
      .withExif({ IFD0: { Make: "Canon" } })
      .tiff()
      .toBuffer(),
    await picture(5)
      .flatten()
      .withXmp(described)
      .withExif({ IFD0: { Make: "Canon" } })
      .avif({ effort: 0 })
      .toBuffer(),
  ];
  const changes = fc.array(fc.tuple(fc.nat(4000), fc.nat(255)), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(fc.nat(files.length - 1), changes, fc.uint8Array({ maxLength: 300 }), async (which, flips, tail) => {
      const changed = Buffer.from(files[which] ?? []);
      for (const [at, value] of flips) changed[12 + (at % (changed.length - 12))] = value;
      const account = await readMetadata(changed).catch((error: unknown) => error);
      const random = await readMetadata(Buffer.concat([changed.subarray(0, 16), tail])).catch((error: unknown) => error);
      for (const found of [account, random]) expect(found).toMatchObject(found instanceof Error ? { name: "AppError" } : { raw: {} });
    }),
    { numRuns: 300 },
  );
});
