/**
 * @file What a PNG says: its text chunks, its EXIF and its XMP. Pixels are passed over unread, since texts may follow them.
 * Source: PNG specification, third edition, 11.3.3 (textual information), 11.3.4.5 (eXIf)
 */
import { inflateSync } from "node:zlib";
import { type ByteSource, fourLetters, maxCarrierBytes, maxPieceBytes, uint32 } from "./byte-source";
import type { ContainerParts } from "./container";
import { decodeText } from "./text-encoding";

const signatureBytes = 8;
const chunkFrameBytes = 12;
/** A picture has a handful of chunks besides its pixels, which come in pieces of 8 kilobytes from some writers. */
const maxChunks = 50_000;
/** A program leaves a few texts, never hundreds. */
const maxTexts = 500;
const xmpKeyword = "XML:com.adobe.xmp";

/** Texts and carriers of a PNG. Chunks that are damaged or too long are left out. */
export async function readPngParts(bytes: ByteSource): Promise<ContainerParts> {
  const texts: [name: string, text: string][] = [];
  const carriers: Uint8Array[] = [];
  let left = 2 * maxPieceBytes;
  let offset = signatureBytes;
  for (let chunk = 0; chunk < maxChunks && offset + chunkFrameBytes <= bytes.sizeBytes; chunk += 1) {
    const head = await bytes.read(offset, 8);
    const length = uint32(head, 0);
    const type = fourLetters(head, 4);
    if (type === "IEND") break;
    if (["tEXt", "zTXt", "iTXt", "eXIf"].includes(type) && length <= Math.min(left, maxPieceBytes)) {
      const body = await bytes.read(offset + 8, length);
      left -= body.length;
      const named = type === "eXIf" ? null : readText(type, body, left);
      const carrier = type === "eXIf" ? body : named?.name === xmpKeyword ? new TextEncoder().encode(named.text) : null;
      if (carrier !== null && carrier.length <= maxCarrierBytes) carriers.push(carrier);
      else if (named !== null && texts.length < maxTexts) texts.push([named.name, named.text]);
      left -= named?.text.length ?? 0;
    }
    offset += length + chunkFrameBytes;
  }
  return { texts, carriers };
}

/** `name\0` and then, by type: the text, a method and the packed text, or flags, two names and either. null when it does not hold that. */
function readText(type: string, body: Uint8Array, maxBytes: number): { readonly name: string; readonly text: string } | null {
  const nameEnd = body.indexOf(0);
  if (nameEnd < 1) return null;
  const name = decodeText(body.subarray(0, nameEnd));
  if (type === "tEXt") return { name, text: decodeText(body.subarray(nameEnd + 1)) };
  let start = nameEnd + 2;
  let isPacked = true;
  if (type === "iTXt") {
    isPacked = body[nameEnd + 1] === 1;
    const languageEnd = body.indexOf(0, nameEnd + 3);
    const translatedEnd = languageEnd < 0 ? -1 : body.indexOf(0, languageEnd + 1);
    if (translatedEnd < 0) return null;
    start = translatedEnd + 1;
  }
  const content = body.subarray(start);
  const plain = isPacked ? unpack(content, maxBytes) : content;
  return plain === null ? null : { name, text: decodeText(plain) };
}

/** null for what is damaged, or would become too long. */
function unpack(packed: Uint8Array, maxBytes: number): Uint8Array | null {
  try {
    return inflateSync(packed, { maxOutputLength: Math.max(1, Math.min(maxBytes, maxPieceBytes)) });
  } catch {
    return null;
  }
}
