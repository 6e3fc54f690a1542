/** @file Small pictures with the notes that programs leave in them, each written as its format says. */
import { crc32, deflateSync } from "node:zlib";
import { picture } from "./pictures";

const latin1 = (text: string): Buffer => Buffer.from(text, "latin1");

/** A chunk of a PNG: length, type, body, checksum. */
export function pngChunk(type: string, body: Uint8Array): Buffer {
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(body.length, 0);
  frame.write(type, 4, "latin1");
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(Buffer.concat([latin1(type), body])));
  return Buffer.concat([frame, body, checksum]);
}

/** A text chunk as writers choose it: plain, packed, or with its encoding named. */
export function textChunk(name: string, text: string, form: "tEXt" | "zTXt" | "iTXt" | "iTXt packed" = "tEXt"): Buffer {
  switch (form) {
    case "tEXt":
      return pngChunk("tEXt", latin1(`${name}\0${text}`));
    case "zTXt":
      return pngChunk("zTXt", Buffer.concat([latin1(`${name}\0\0`), deflateSync(latin1(text))]));
    case "iTXt":
      return pngChunk("iTXt", Buffer.concat([latin1(`${name}\0\0\0\0\0`), Buffer.from(text)]));
    case "iTXt packed":
      return pngChunk("iTXt", Buffer.concat([latin1(`${name}\0\u0001\0\0\0`), deflateSync(Buffer.from(text))]));
  }
}

const signatureAndHeaderBytes = 8 + 25;
const endBytes = 12;

/** A PNG with these chunks before its pixels, or after them. */
export async function pngWith(
  chunks: readonly Uint8Array[],
  options: { readonly seed?: number; readonly isAfterPixels?: boolean } = {},
): Promise<Buffer> {
  const plain = await picture(options.seed ?? 1)
    .png()
    .toBuffer();
  const at = options.isAfterPixels === true ? plain.length - endBytes : signatureAndHeaderBytes;
  return Buffer.concat([plain.subarray(0, at), ...chunks, plain.subarray(at)]);
}

/** A PNG with texts by their names. */
export function pngWithTexts(texts: Readonly<Record<string, string>>, seed = 1): Promise<Buffer> {
  const chunks = Object.entries(texts).map(([name, text]) => textChunk(name, text, /^[\0-\u00FF]*$/.test(text) ? "tEXt" : "iTXt"));
  return pngWith(chunks, { seed });
}

/** Codes of EXIF fields that samples use; those of the second directory are marked. */
const exifCodes = {
  Make: { code: 0x01_0f },
  Model: { code: 0x01_10 },
  ImageDescription: { code: 0x01_0e },
  Software: { code: 0x01_31 },
  XPKeywords: { code: 0x9c_9e },
  MakerNote: { code: 0x92_7c, isExif: true },
  UserComment: { code: 0x92_86, isExif: true },
} as const;
const exifPointer = 0x87_69;

export type ExifSample = Readonly<Partial<Record<keyof typeof exifCodes, string | Uint8Array>>>;

/** EXIF as a little-endian TIFF: texts as ASCII fields, bytes as undefined ones. */
export function exifBlob(fields: ExifSample): Buffer {
  const entries = Object.entries(fields).map(([name, value]) => {
    const isText = typeof value === "string";
    return { ...exifCodes[name as keyof typeof exifCodes], type: isText ? 2 : 7, body: Buffer.from(isText ? `${value}\0` : value) };
  });
  const first = entries.filter((entry) => !("isExif" in entry)).sort((a, b) => a.code - b.code);
  const second = entries.filter((entry) => "isExif" in entry).sort((a, b) => a.code - b.code);
  const secondAt = 8 + directoryBytes(first.length + 1);
  const bodiesAt = secondAt + directoryBytes(second.length);
  const bodies: Buffer[] = [];
  const place = (body: Buffer): number => {
    const at = bodiesAt + bodies.reduce((sum, each) => sum + each.length, 0);
    bodies.push(body.length % 2 === 0 ? body : Buffer.concat([body, Buffer.alloc(1)]));
    return at;
  };
  const pointer = { code: exifPointer, type: 4, count: 1, value: secondAt };
  const placed = (entry: (typeof entries)[number]) => ({ ...entry, count: entry.body.length, value: place(entry.body) });
  const head = Buffer.from([0x49, 0x49, 42, 0, 8, 0, 0, 0]);
  const directories = [directory([...first.map(placed), pointer]), directory(second.map(placed))];
  return Buffer.concat([head, ...directories, ...bodies]);
}

function directoryBytes(entries: number): number {
  return 2 + entries * 12 + 4;
}

interface Entry {
  readonly code: number;
  readonly type: number;
  readonly count: number;
  readonly value: number;
}

function directory(entries: readonly Entry[]): Buffer {
  const bytes = Buffer.alloc(directoryBytes(entries.length));
  bytes.writeUInt16LE(entries.length, 0);
  for (const [index, { code, type, count, value }] of entries.entries()) {
    const at = 2 + index * 12;
    bytes.writeUInt16LE(code, at);
    bytes.writeUInt16LE(type, at + 2);
    bytes.writeUInt32LE(count, at + 4);
    bytes.writeUInt32LE(value, at + 8);
  }
  return bytes;
}

/** A UserComment as web UIs write it: the mark of its encoding, then UTF-16 of the byte order that they happen to use. */
export function unicodeComment(text: string, order: "big" | "little" = "big"): Buffer {
  const body = Buffer.from(text, "utf16le");
  return Buffer.concat([latin1("UNICODE\0"), order === "big" ? body.swap16() : body]);
}

export interface JpegSegment {
  readonly marker: number;
  readonly body: Uint8Array;
}

/** A JPEG with application segments before its pixels. */
export async function jpegWith(segments: readonly JpegSegment[], seed = 1): Promise<Buffer> {
  const plain = await picture(seed).flatten().jpeg().toBuffer();
  const framed = segments.map(({ marker, body }) => {
    const frame = Buffer.from([0xff, marker, 0, 0]);
    frame.writeUInt16BE(body.length + 2, 2);
    return Buffer.concat([frame, body]);
  });
  return Buffer.concat([plain.subarray(0, 2), ...framed, plain.subarray(2)]);
}

/** A JPEG with EXIF. */
export function jpegWithExif(fields: ExifSample, seed = 1): Promise<Buffer> {
  return jpegWith([{ marker: 0xe1, body: Buffer.concat([latin1("Exif\0\0"), exifBlob(fields)]) }], seed);
}

/** IPTC in a JPEG: fields of the second record by their numbers, in the block of Photoshop's segment that holds them. */
export function iptcSegment(fields: readonly (readonly [number: number, value: Uint8Array])[]): JpegSegment {
  const records = fields.map(([number, value]) => {
    const frame = Buffer.from([0x1c, 2, number, 0, 0]);
    frame.writeUInt16BE(value.length, 3);
    return Buffer.concat([frame, value]);
  });
  const block = Buffer.concat(records);
  const head = Buffer.concat([latin1("Photoshop 3.0\u00008BIM"), Buffer.from([4, 4, 0, 0, 0, 0, 0, 0])]);
  head.writeUInt32BE(block.length, head.length - 4);
  return { marker: 0xed, body: Buffer.concat([head, block, Buffer.alloc(block.length % 2)]) };
}

/** XMP in a JPEG. */
export function xmpSegment(packet: string): JpegSegment {
  return { marker: 0xe1, body: Buffer.concat([latin1("http://ns.adobe.com/xap/1.0/\0"), Buffer.from(packet)]) };
}

/** A WebP whose EXIF is `fields`. */
export async function webpWithExif(fields: ExifSample, seed = 1): Promise<Buffer> {
  const placeholder = await picture(seed)
    .flatten()
    .withExif({ IFD0: { Software: "x" } })
    .webp()
    .toBuffer();
  const at = placeholder.indexOf("EXIF");
  const blob = exifBlob(fields);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(blob.length);
  const file = Buffer.concat([placeholder.subarray(0, at), latin1("EXIF"), size, blob, Buffer.alloc(blob.length % 2)]);
  file.writeUInt32LE(file.length - 8, 4);
  return file;
}

/** An XMP packet with these properties inside its description. */
export function xmpPacket(properties: string): string {
  return `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">${properties}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`;
}

/** What A1111's web UI writes, with everything that makes it hard to read. */
export const infotext = `a fox, <lora:ink_style:0.8>, "quoted, with commas"
BREAK Steps: are no settings here
Negative prompt: blurry, lowres
second line of it
Steps: 28, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 6.5, Seed: 18446744073709551615, Size: 832x1216, Model hash: 31e35c80fc, Model: sd_xl_base_1.0, Hires prompt: "a fox, big: red", Lora hashes: "ink_style: 0a1b2c3d4e5f, detail: 99aabbccddee", Version: v1.10.1`;

/** ComfyUI's graph of a picture that was sampled twice: the second pass is nearest to the output, and its seed comes from another node. */
export const comfyPrompt = `{
"4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "SDXL\\\\dreamshaper_8.safetensors"}},
"10": {"class_type": "LoraLoader", "inputs": {"lora_name": "ink.safetensors", "strength_model": 0.7, "strength_clip": 1, "model": ["4", 0], "clip": ["4", 1]}},
"11": {"class_type": "LoraLoaderModelOnly", "inputs": {"lora_name": "detail.safetensors", "strength_model": 0.25, "model": ["10", 0]}},
"6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a fox in ink", "clip": ["10", 1]}},
"7": {"class_type": "CLIPTextEncode", "inputs": {"text": ["20", 0], "clip": ["10", 1]}},
"20": {"class_type": "StringConstant", "inputs": {"string": "blurry"}},
"12": {"class_type": "ControlNetApplyAdvanced", "inputs": {"positive": ["6", 0], "negative": ["7", 0], "control_net": ["13", 0], "image": ["14", 0], "strength": 1}},
"3": {"class_type": "KSampler", "inputs": {"seed": 1, "steps": 30, "cfg": 8, "sampler_name": "euler", "scheduler": "normal", "denoise": 1, "model": ["11", 0], "positive": ["12", 0], "negative": ["12", 1], "latent_image": ["5", 0]}},
"5": {"class_type": "EmptyLatentImage", "inputs": {"width": 512, "height": 512, "batch_size": 1}},
"15": {"class_type": "KSampler", "inputs": {"seed": ["16", 0], "steps": 12, "cfg": 5.5, "sampler_name": "dpmpp_2m", "scheduler": "karras", "denoise": 0.5, "model": ["11", 0], "positive": ["12", 0], "negative": ["12", 1], "latent_image": ["3", 0]}},
"16": {"class_type": "Seed Everywhere", "inputs": {"seed": 18446744073709551615}},
"8": {"class_type": "VAEDecode", "inputs": {"samples": ["15", 0], "vae": ["4", 2]}},
"9": {"class_type": "SaveImage", "inputs": {"filename_prefix": "fox", "images": ["8", 0]}, "is_changed": [NaN]}
}`;

/** What the sample graph says. */
export const comfyGeneration = {
  generator: "comfyui",
  model: "dreamshaper_8",
  modelHash: null,
  loras: [
    { name: "ink", weight: 0.7 },
    { name: "detail", weight: 0.25 },
  ],
  sampler: "dpmpp_2m",
  scheduler: "karras",
  steps: 12,
  cfgScale: 5.5,
  seed: "18446744073709551615",
  prompt: "a fox in ink",
  negativePrompt: "blurry",
} as const;
