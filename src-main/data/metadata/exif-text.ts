/** @file Texts in EXIF, which come in four encodings. */
import type { ContainerTags } from "./container";
import { decodeText, decodeUserComment, decodeUtf16, trimText } from "./text-encoding";

type Exif = ContainerTags["exif"];

/** Fields that may hold a text, by name. */
export const exifTextFields = [
  ..."Make Model LensMake LensModel Software Artist Copyright ImageDescription UserComment MakerNote".split(" "),
  ..."XPTitle XPSubject XPComment XPAuthor XPKeywords".split(" "),
] as const;

/** The text of a field; null when it is absent, empty or no text. */
export function exifText(exif: Exif, field: string): string | null {
  const value = exif.get(field);
  const text = isBytes(value) ? textOfBytes(field, Uint8Array.from(value)) : Array.isArray(value) ? value.filter(isText).join("; ") : value;
  const plain = typeof text === "string" ? trimText(text) : "";
  return plain === "" || plain === "<faulty value>" ? null : plain;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isBytes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length > 0 && typeof value[0] === "number";
}

function textOfBytes(field: string, bytes: Uint8Array): string {
  if (field.startsWith("XP")) return decodeUtf16(bytes);
  if (field === "UserComment") return decodeUserComment(bytes);
  const text = decodeText(bytes);
  // A camera's notes are a format of its own, not text.
  return field === "MakerNote" && /[^\P{Cc}\s\0]/u.test(text) ? "" : text;
}
