/** @file Tells what kind of file it is from its first bytes; names and extensions are not trusted. */
import { appError } from "#shared/domain/app-error";
import type { ImageFormat } from "#shared/domain/asset";

/** So many first bytes are enough for every signature (an SVG may start with a long comment). */
export const SIGNATURE_BYTES = 4096;

type Signature = readonly [name: string, offset: number, bytes: string];

/** Pictures that are decoded. */
const known: readonly (readonly [format: ImageFormat, offset: number, bytes: string])[] = [
  ["jpeg", 0, "\xff\xd8\xff"],
  ["png", 0, "\x89PNG\r\n\x1a\n"],
  ["gif", 0, "GIF87a"],
  ["gif", 0, "GIF89a"],
  ["webp", 8, "WEBP"],
  ["tiff", 0, "II*\0"],
  ["tiff", 0, "MM\0*"],
  ["tiff", 0, "II+\0"],
  ["tiff", 0, "MM\0+"],
  ["bmp", 0, "BM"],
];

/** Files that people have among their pictures and that are not decoded. Tested first: some look like a known one. */
const unsupported: readonly Signature[] = [
  ["a camera raw file", 8, "CR\x02"],
  ["a camera raw file", 0, "FUJIFILMCCD-RAW"],
  ["a camera raw file", 0, "IIRO"],
  ["a camera raw file", 0, "IIRS"],
  ["a camera raw file", 0, "MMOR"],
  ["a camera raw file", 0, "IIU\0"],
  ["a camera raw file", 6, "HEAPCCDR"],
  ["a camera raw file", 0, "FOVb"],
  ["a camera raw file", 0, "\0MRM"],
  ["a camera raw file", 4, "ftypcrx "],
  ["a Photoshop file", 0, "8BPS"],
  ["a GIMP file", 0, "gimp xcf"],
  ["a PDF file", 0, "%PDF"],
  ["a PostScript file", 0, "%!PS"],
  ["a JPEG XL picture", 0, "\xff\x0a"],
  ["a JPEG XL picture", 4, "JXL "],
  ["a JPEG 2000 picture", 4, "jP  "],
  ["a JPEG 2000 picture", 0, "\xff\x4f\xff\x51"],
  ["an icon", 0, "\0\0\x01\0"],
  ["an OpenEXR picture", 0, "\x76\x2f\x31\x01"],
  ["a Radiance picture", 0, "#?R"],
  ["a DDS texture", 0, "DDS "],
  ["a QOI picture", 0, "qoif"],
  ["a ZIP archive", 0, "PK\x03\x04"],
];

/** Endings of camera files that are TIFF by their first bytes, but hold only a small preview where a TIFF has its picture. */
const rawEndings = /\.(3fr|arw|dcr|dng|erf|fff|iiq|kdc|mef|mos|nef|nrw|pef|rwl|sr2|srf|srw)$/i;

/**
 * The format of a file by its first bytes.
 *
 * @param name what to call the file in an error; its ending is only used to tell a camera's raw file from the TIFF it claims to be
 * @throws image/unsupported naming the format, image/undecodable when the file is empty or no picture
 */
export function detectFormat(head: Uint8Array, name: string): ImageFormat {
  const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, SIGNATURE_BYTES)).toString("latin1");
  if (text === "") throw appError("image/undecodable", `${name} is empty.`, { hint: "Copy the file again from where it came from." });
  const kind =
    unsupported.find(([, offset, bytes]) => text.startsWith(bytes, offset))?.[0] ??
    brandedKind(text) ??
    (isSvg(text) ? "an SVG drawing" : undefined);
  if (kind !== undefined && kind !== "avif") throw unsupportedFormat(name, kind);
  const format = kind ?? known.find(([, offset, bytes]) => text.startsWith(bytes, offset))?.[0];
  if (format === undefined)
    throw appError("image/undecodable", `${name} is no picture in a known format.`, {
      hint: "Look at the file with another program; it may be damaged.",
    });
  if (format === "tiff" && rawEndings.test(name)) throw unsupportedFormat(name, "a camera raw file");
  return format;
}

/** Files of the MPEG container family start with a box that lists the standards they follow. */
function brandedKind(text: string): "avif" | "a HEIC picture" | "a video" | undefined {
  if (!text.startsWith("ftyp", 4)) return undefined;
  const boxLength = Math.min(256, text.charCodeAt(2) * 256 + text.charCodeAt(3));
  const brands = text.slice(8, Math.max(12, boxLength));
  if (/avi[fs]/.test(brands)) return "avif";
  return /he[iv][cxms]|mif1|msf1/.test(brands) ? "a HEIC picture" : "a video";
}

function isSvg(text: string): boolean {
  return /^(\xef\xbb\xbf)?\s*<(\?xml|!--|!doctype svg|svg)/i.test(text) && /<svg[\s>]/i.test(text);
}

function unsupportedFormat(name: string, kind: string): Error {
  return appError("image/unsupported", `${name} is ${kind}, which cannot be read.`, {
    hint: "Save it as PNG or JPEG; WebP, GIF, TIFF, BMP and AVIF are read too.",
  });
}
