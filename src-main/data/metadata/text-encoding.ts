/** @file Bytes that are said to be text. Writers often leave the encoding open, or get it wrong. */

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** UTF-8 where the bytes are UTF-8, else Latin-1, in which all bytes are text. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return new TextDecoder("latin1").decode(bytes);
  }
}

/** UTF-16 in the byte order that a mark names, or else in the one that makes more of the text ASCII. */
export function decodeUtf16(bytes: Uint8Array): string {
  const even = bytes.subarray(0, bytes.length - (bytes.length % 2));
  let zerosFirst = 0;
  let zerosSecond = 0;
  for (let at = 0; at < Math.min(even.length, 2000); at += 2) {
    if (even[at] === 0) zerosFirst += 1;
    if (even[at + 1] === 0) zerosSecond += 1;
  }
  const isBigEndian = even[0] === 0xfe && even[1] === 0xff ? true : even[0] === 0xff && even[1] === 0xfe ? false : zerosFirst > zerosSecond;
  return new TextDecoder(isBigEndian ? "utf-16be" : "utf-16le").decode(even);
}

/**
 * The text of an EXIF UserComment: eight bytes name the encoding, the rest is the text. UNICODE means UTF-16, of which writers use either byte
 * order, and some write UTF-8 all the same.
 * Source: EXIF 2.32, 4.6.5 "UserComment"
 */
export function decodeUserComment(bytes: Uint8Array): string {
  const code = String.fromCharCode(...bytes.subarray(0, 8));
  const body = bytes.subarray(8);
  if (code === "UNICODE\0") return trimText(body.includes(0) || !isUtf8(body) ? decodeUtf16(body) : decodeText(body));
  return trimText(decodeText(code === "ASCII\0\0\0" || code === "\0\0\0\0\0\0\0\0" ? body : bytes));
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    utf8.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Without the padding that fixed-size fields end with. */
export function trimText(text: string): string {
  return text
    .replace(/^\uFEFF/, "")
    .replaceAll("\0", "")
    .trim();
}
