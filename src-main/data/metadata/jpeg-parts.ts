/**
 * @file What a JPEG says: the segments before its pixels, which hold EXIF, XMP and IPTC.
 * Source: ITU-T T.81, annex B
 */
import { type ByteSource, maxCarrierBytes, uint16 } from "./byte-source";
import type { ContainerParts } from "./container";
import { decodeText } from "./text-encoding";

const maxSegments = 1000;
const startOfScan = 0xda;
const endOfImage = 0xd9;
const comment = 0xfe;

/** The application segments as a JPEG without pixels, and its comments. */
export async function readJpegParts(bytes: ByteSource): Promise<ContainerParts> {
  const kept: Uint8Array[] = [Uint8Array.of(0xff, 0xd8)];
  const texts: [name: string, text: string][] = [];
  let left = maxCarrierBytes;
  let offset = 2;
  for (let segment = 0; segment < maxSegments; segment += 1) {
    const head = await bytes.read(offset, 4);
    const marker = head[1] ?? endOfImage;
    if (head[0] !== 0xff || marker === startOfScan || marker === endOfImage) break;
    if (marker === 0xff) {
      // Any number of fill bytes may stand before a marker.
      offset += 1;
      continue;
    }
    const length = uint16(head, 2);
    left -= length;
    if (length < 2 || left < 0) break;
    if (marker === comment) texts.push(["Comment", decodeText(await bytes.read(offset + 4, length - 2))]);
    else if (marker >= 0xe1 && marker <= 0xed) kept.push(await bytes.read(offset, length + 2));
    offset += length + 2;
  }
  kept.push(Uint8Array.of(0xff, endOfImage));
  return { texts, carriers: kept.length > 2 ? [Buffer.concat(kept)] : [] };
}
