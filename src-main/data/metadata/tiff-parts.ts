/**
 * @file What a TIFF says: its fields of EXIF, IPTC and XMP, copied into a small TIFF of their own. The directory of a large file may lie behind
 * a gigabyte of pixels, which are passed over unread.
 * Source: TIFF 6.0, section 2; EXIF 2.32, 4.6
 */
import { type ByteSource, maxCarrierBytes } from "./byte-source";
import type { ContainerParts } from "./container";

const headBytes = 8;
const entryBytes = 12;
/** No directory of a picture has more. */
const maxEntries = 500;
const exifPointer = 0x87_69;
/** Description, maker, model, software, time, artist, copyright, XMP, IPTC, what Windows adds, and the directory of EXIF. */
const keptCodes = new Set([
  ...[0x01_0e, 0x01_0f, 0x01_10, 0x01_31, 0x01_32, 0x01_3b, 0x02_bc, 0x47_46, 0x82_98, 0x83_bb, exifPointer],
  ...[0x9c_9b, 0x9c_9c, 0x9c_9d, 0x9c_9e, 0x9c_9f],
]);
/** Bytes of one value by the type of a field; other types are of no use here. */
const typeBytes: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8 };

interface Field {
  readonly code: number;
  readonly type: number;
  readonly count: number;
  readonly value: Uint8Array;
}

/** The small TIFF; nothing for the large variant with 64-bit offsets, which ExifReader does not know. */
export async function readTiffParts(bytes: ByteSource): Promise<ContainerParts> {
  const head = await bytes.read(0, headBytes);
  const isLittle = head[0] === 0x49;
  const view = viewOf(head);
  if (head.length < headBytes || view.getUint16(2, isLittle) !== 42) return { texts: [], carriers: [] };
  const read = { bytes, isLittle, left: maxCarrierBytes };
  const fields = (await readDirectory(read, view.getUint32(4, isLittle))).filter(({ code }) => keptCodes.has(code));
  const pointer = fields.find(({ code }) => code === exifPointer);
  const exif = pointer === undefined ? [] : await readDirectory(read, viewOf(pointer.value).getUint32(0, isLittle));
  return { texts: [], carriers: [writeTiff(fields, exif, isLittle)] };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

interface Reading {
  readonly bytes: ByteSource;
  readonly isLittle: boolean;
  /** Bytes that may still be copied: fields may point to the same bytes again and again. */
  left: number;
}

async function readDirectory(reading: Reading, offset: number): Promise<readonly Field[]> {
  const { bytes, isLittle } = reading;
  const start = await bytes.read(offset, 2);
  const count = start.length < 2 ? 0 : Math.min(maxEntries, viewOf(start).getUint16(0, isLittle));
  const entries = await bytes.read(offset + 2, count * entryBytes);
  const view = viewOf(entries);
  const fields: Field[] = [];
  for (let at = 0; at + entryBytes <= entries.length; at += entryBytes) {
    const [code, type] = [view.getUint16(at, isLittle), view.getUint16(at + 2, isLittle)];
    const values = view.getUint32(at + 4, isLittle);
    const length = values * (typeBytes[type] ?? Number.POSITIVE_INFINITY);
    if (length > reading.left) continue;
    const value = length <= 4 ? entries.slice(at + 8, at + 12) : await bytes.read(view.getUint32(at + 8, isLittle), length);
    reading.left -= value.length;
    if (value.length >= length) fields.push({ code, type, count: values, value });
  }
  return fields;
}

/** Two directories one after the other, and their values after both. */
function writeTiff(first: readonly Field[], second: readonly Field[], isLittle: boolean): Uint8Array {
  const directoryBytes = (fields: readonly Field[]): number => 2 + fields.length * entryBytes + 4;
  const secondAt = headBytes + directoryBytes(first);
  const valuesAt = secondAt + directoryBytes(second);
  const total = [...first, ...second].reduce((sum, { value }) => sum + value.length, valuesAt);
  const tiff = new Uint8Array(total);
  const view = viewOf(tiff);
  tiff.set(isLittle ? [0x49, 0x49] : [0x4d, 0x4d]);
  view.setUint16(2, 42, isLittle);
  view.setUint32(4, headBytes, isLittle);
  let free = valuesAt;
  const writeDirectory = (fields: readonly Field[], offset: number): void => {
    view.setUint16(offset, fields.length, isLittle);
    for (const [index, { code, type, count, value }] of fields.entries()) {
      const at = offset + 2 + index * entryBytes;
      view.setUint16(at, code, isLittle);
      view.setUint16(at + 2, type, isLittle);
      view.setUint32(at + 4, count, isLittle);
      if (code === exifPointer) view.setUint32(at + 8, secondAt, isLittle);
      else if (value.length <= 4) tiff.set(value, at + 8);
      else {
        view.setUint32(at + 8, free, isLittle);
        tiff.set(value, free);
        free += value.length;
      }
    }
  };
  writeDirectory(first, headBytes);
  writeDirectory(second, secondAt);
  return tiff;
}
