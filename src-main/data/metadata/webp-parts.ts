/**
 * @file What a WebP says: its EXIF and XMP chunks, which follow the pixels.
 * Source: RFC 9649, 2.7 (extended file format)
 */
import { type ByteSource, fourLetters, maxCarrierBytes } from "./byte-source";
import type { ContainerParts } from "./container";

const headerBytes = 12;
/** An animation has a chunk for each frame. */
const maxChunks = 100_000;
const exifPrefix = "Exif\0\0";

/** Carriers of a WebP; it has no texts of its own. */
export async function readWebpParts(bytes: ByteSource): Promise<ContainerParts> {
  const carriers: Uint8Array[] = [];
  let offset = headerBytes;
  for (let chunk = 0; chunk < maxChunks && offset + 8 <= bytes.sizeBytes; chunk += 1) {
    const head = await bytes.read(offset, 8);
    const length = new DataView(head.buffer, head.byteOffset, head.length).getUint32(4, true);
    const type = fourLetters(head, 0);
    if ((type === "EXIF" || type === "XMP ") && length <= maxCarrierBytes && carriers.length < 2)
      carriers.push(withoutPrefix(await bytes.read(offset + 8, length)));
    offset += 8 + length + (length % 2);
  }
  return { texts: [], carriers };
}

/** Some writers put the marker of JPEG's EXIF segments before the data, which the format does not have. */
function withoutPrefix(body: Uint8Array): Uint8Array {
  return String.fromCharCode(...body.subarray(0, exifPrefix.length)) === exifPrefix ? body.subarray(exifPrefix.length) : body;
}
