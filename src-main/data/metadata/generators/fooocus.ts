/**
 * @file What Fooocus writes: its own JSON or AUTOMATIC1111's text, with the name of the scheme beside it (in EXIF as the maker's note).
 * Source: Fooocus, "meta_parser"
 */
import type { Generation } from "#shared/domain/asset-metadata";
import { parseInfotext } from "./a1111";
import { parseJsonObject } from "./exact-json";
import { readFlatFields } from "./flat-json";

const schemes = ["fooocus", "a1111"];

/** null when the texts are none of Fooocus's. */
export function readFooocus(texts: ReadonlyMap<string, string>): Generation | null {
  const text = texts.get("parameters") ?? texts.get("UserComment") ?? texts.get("Comment");
  if (text === undefined || !isFooocus(texts, text)) return null;
  const object = parseJsonObject(text);
  return object === null ? parseInfotext(text, "fooocus") : readFlatFields(object, "fooocus");
}

function isFooocus(texts: ReadonlyMap<string, string>, text: string): boolean {
  const scheme = texts.get("fooocus_scheme") ?? texts.get("MakerNote") ?? "";
  return schemes.includes(scheme) || texts.get("Software")?.startsWith("Fooocus") === true || /\bVersion"?: ?"?Fooocus/i.test(text);
}
