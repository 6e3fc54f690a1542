/**
 * @file The file of one picture's features under one recipe: named arrays of numbers and a little JSON.
 *
 *   0   8  magic "SMBLFEAT"
 *   8   4  format version, little endian, as all numbers here
 *  12   4  length of the header in bytes
 *  16   4  CRC-32 of the header
 *  20      header: JSON {meta, arrays: [{name, dtype, shape, offset, byteLength, crc32}]}
 *          arrays, each beginning at a multiple of 64 from the start of the file; `offset` counts from the first of them
 *
 * A file that was torn, cut or damaged does not parse; features can always be measured again.
 */
import { crc32 } from "node:zlib";
import { z } from "zod";

/** float16 is kept as raw bits; who reads it widens it. */
export type FeatureArray =
  | { readonly dtype: "float32"; readonly shape: readonly number[]; readonly data: Float32Array }
  | { readonly dtype: "float16"; readonly shape: readonly number[]; readonly data: Uint16Array }
  | { readonly dtype: "int32"; readonly shape: readonly number[]; readonly data: Int32Array }
  | { readonly dtype: "uint8"; readonly shape: readonly number[]; readonly data: Uint8Array }
  | { readonly dtype: "int8"; readonly shape: readonly number[]; readonly data: Int8Array };

/** Arrays by name (query, key, value, output, pooled, ...); `meta` says what shapes cannot: the token grid, heads, source size. */
export interface FeatureBlob {
  readonly meta: Readonly<Record<string, unknown>>;
  readonly arrays: Readonly<Record<string, FeatureArray>>;
}

const magic = new TextEncoder().encode("SMBLFEAT");
const version = 1;
const prefixBytes = 20;
const alignment = 64;
const bytesPerElement = { float32: 4, float16: 2, int32: 4, uint8: 1, int8: 1 } as const;

const headerSchema = z.object({
  meta: z.record(z.string(), z.unknown()),
  arrays: z.array(
    z.object({
      name: z.string(),
      dtype: z.enum(["float32", "float16", "int32", "uint8", "int8"]),
      shape: z.array(z.number().int().nonnegative()),
      offset: z.number().int().nonnegative().multipleOf(alignment),
      byteLength: z.number().int().nonnegative(),
      crc32: z.number().int().nonnegative(),
    }),
  ),
});
type ArrayHeader = z.infer<typeof headerSchema>["arrays"][number];

const aligned = (offset: number): number => Math.ceil(offset / alignment) * alignment;

function bytesOf(data: FeatureArray["data"]): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** Packs a blob into the bytes of a file. */
export function encodeFeatureFile(blob: FeatureBlob): Uint8Array {
  const arrays = Object.entries(blob.arrays).map(([name, array]) => ({ name, array, bytes: bytesOf(array.data) }));
  // Offsets from the start of the file would depend on the header's length, which depends on their digits.
  let relative = 0;
  const relativeOffsets = arrays.map(({ bytes }) => {
    const offset = relative;
    relative = aligned(offset + bytes.byteLength);
    return offset;
  });
  const headers: ArrayHeader[] = arrays.map(({ name, array, bytes }, index) => ({
    name,
    dtype: array.dtype,
    shape: [...array.shape],
    offset: relativeOffsets[index] ?? 0,
    byteLength: bytes.byteLength,
    crc32: crc32(bytes),
  }));
  const header = new TextEncoder().encode(JSON.stringify({ meta: blob.meta, arrays: headers }));
  const start = aligned(prefixBytes + header.byteLength);
  const file = new Uint8Array(start + relative);
  const view = new DataView(file.buffer);
  file.set(magic, 0);
  view.setUint32(8, version, true);
  view.setUint32(12, header.byteLength, true);
  view.setUint32(16, crc32(header), true);
  file.set(header, prefixBytes);
  arrays.forEach(({ bytes }, index) => file.set(bytes, start + (relativeOffsets[index] ?? 0)));
  return file;
}

function toFeatureArray(header: ArrayHeader, file: Uint8Array, start: number): FeatureArray | null {
  const { dtype, shape, byteLength } = header;
  const elements = shape.reduce((product, size) => product * size, 1);
  const from = start + header.offset;
  if (elements * bytesPerElement[dtype] !== byteLength || from + byteLength > file.byteLength) return null;
  const bytes = file.subarray(from, from + byteLength);
  if (crc32(bytes) !== header.crc32) return null;
  // A view where memory allows it, a copy where the file was read to an odd address.
  const { buffer, byteOffset } = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  switch (dtype) {
    case "float32":
      return { dtype, shape, data: new Float32Array(buffer as ArrayBuffer, byteOffset, elements) };
    case "float16":
      return { dtype, shape, data: new Uint16Array(buffer as ArrayBuffer, byteOffset, elements) };
    case "int32":
      return { dtype, shape, data: new Int32Array(buffer as ArrayBuffer, byteOffset, elements) };
    case "uint8":
      return { dtype, shape, data: new Uint8Array(buffer as ArrayBuffer, byteOffset, elements) };
    case "int8":
      return { dtype, shape, data: new Int8Array(buffer as ArrayBuffer, byteOffset, elements) };
  }
}

function parseHeader(file: Uint8Array): { header: z.infer<typeof headerSchema>; start: number } | null {
  if (file.byteLength < prefixBytes || !magic.every((byte, index) => file[index] === byte)) return null;
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const headerLength = view.getUint32(12, true);
  if (view.getUint32(8, true) !== version || prefixBytes + headerLength > file.byteLength) return null;
  const text = file.subarray(prefixBytes, prefixBytes + headerLength);
  if (crc32(text) !== view.getUint32(16, true)) return null;
  try {
    const header = headerSchema.safeParse(JSON.parse(new TextDecoder().decode(text)));
    return header.success ? { header: header.data, start: aligned(prefixBytes + headerLength) } : null;
  } catch {
    return null;
  }
}

/** Unpacks the bytes of a file; null when it is not one, is of another version, or any byte that matters has changed. */
export function decodeFeatureFile(file: Uint8Array): FeatureBlob | null {
  const parsed = parseHeader(file);
  if (parsed === null) return null;
  const arrays: Record<string, FeatureArray> = {};
  for (const header of parsed.header.arrays) {
    const array = toFeatureArray(header, file, parsed.start);
    if (array === null) return null;
    arrays[header.name] = array;
  }
  return { meta: parsed.header.meta, arrays };
}
