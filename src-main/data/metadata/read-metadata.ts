/** @file What a picture file says about itself: how it was generated, taken and described, and the texts themselves. */
import type { AssetMetadata } from "#shared/domain/asset-metadata";
import { detectFormat, SIGNATURE_BYTES } from "../imaging/image-format";
import { withBytes } from "./byte-source";
import { readCapture } from "./capture";
import { type ContainerParts, type ContainerTags, readParts, readTags } from "./container";
import { readDescription } from "./description";
import { exifText, exifTextFields } from "./exif-text";
import { isGeneratorNote, readGeneration } from "./generators/generation";

/** `raw` are the texts as they stand in the file, by the names they have there. */
export type FileMetadata = Pick<AssetMetadata, "generation" | "capture" | "description"> & {
  readonly raw: Readonly<Record<string, string>>;
};

/**
 * Reads what a file, or a picture in memory, says about itself. What is damaged or beyond reason is left out; it never fails over what it reads.
 * @throws image/unreadable when the file cannot be opened; image/unsupported, image/undecodable when it is no picture
 */
export async function readMetadata(source: string | Uint8Array): Promise<FileMetadata> {
  const { parts, tags } = await withBytes(source, async (bytes) => {
    const format = detectFormat(await bytes.read(0, SIGNATURE_BYTES), typeof source === "string" ? source : "The picture");
    const found = await readParts(bytes, format);
    return { parts: found, tags: readTags(found.carriers) };
  });
  const exif = exifTextFields.flatMap((field): [string, string][] => {
    const text = exifText(tags.exif, field);
    return text === null ? [] : [[field, text]];
  });
  const named = new Map([...exif, ...parts.texts, ...prefixedTexts(exif)]);
  return {
    generation: readGeneration(named),
    capture: readCapture(tags.exif),
    description: readDescription(tags, named, (text) => !isGeneratorNote(text)),
    raw: rawTexts(parts, tags, exif),
  };
}

/** `prompt:{...}` and `workflow:{...}` in fields of EXIF, where formats without texts of their own have no better place. */
function prefixedTexts(exif: readonly (readonly [field: string, text: string])[]): [name: string, text: string][] {
  return exif.flatMap(([, text]): [string, string][] => {
    const found = /^(prompt|workflow):\s*(?=\{)/i.exec(text);
    return found === null ? [] : [[(found[1] ?? "").toLowerCase(), text.slice(found[0].length)]];
  });
}

function rawTexts(parts: ContainerParts, tags: ContainerTags, exif: readonly (readonly [string, string])[]): Record<string, string> {
  const raw = new Map<string, string>();
  const add = (name: string, text: string): void => {
    let free = name;
    for (let copy = 2; raw.has(free) && raw.get(free) !== text; copy += 1) free = `${name} (${copy})`;
    raw.set(free, text);
  };
  for (const [name, text] of parts.texts) add(name, text);
  for (const [field, text] of exif) add(`EXIF ${field}`, text);
  for (const [field, values] of tags.iptc) add(`IPTC ${field}`, values.join("; "));
  for (const packet of tags.xmpPackets) add("XMP", packet);
  return Object.fromEntries(raw);
}
