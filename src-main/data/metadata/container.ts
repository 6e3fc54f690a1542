/**
 * @file What the containers of a picture hold - EXIF, IPTC and XMP - as named values. The only door to ExifReader.
 * Sources: EXIF 2.32; IPTC-IIM 4.2; XMP specification, part 1
 */
import { createRequire } from "node:module";
import type * as ExifReader from "exifreader";
import type { ImageFormat } from "#shared/domain/asset";
import { type ByteSource, maxCarrierBytes } from "./byte-source";
import { readJpegParts } from "./jpeg-parts";
import { readPngParts } from "./png-parts";
import { decodeText } from "./text-encoding";
import { readTiffParts } from "./tiff-parts";
import { readWebpParts } from "./webp-parts";

// The package's CommonJS form names nothing that an import could take by name.
const { load } = createRequire(import.meta.url)("exifreader") as typeof ExifReader;

/** The parts of a file that say something. */
export interface ContainerParts {
  /** Texts by the names they have in the file. */
  readonly texts: readonly (readonly [name: string, text: string])[];
  /** Bytes with EXIF, IPTC or XMP in them: a TIFF, an XMP packet, or a file without its pixels. */
  readonly carriers: readonly Uint8Array[];
}

/** Values by the names of their standards. What was there and could not be read is left out. */
export interface ContainerTags {
  /** Text, number, fraction `[numerator, denominator]`, or bytes as numbers. */
  readonly exif: ReadonlyMap<string, unknown>;
  /** Every occurrence of a field. */
  readonly iptc: ReadonlyMap<string, readonly string[]>;
  /** Items of a list, or one value; names are without their namespace. */
  readonly xmp: ReadonlyMap<string, readonly string[]>;
  readonly xmpPackets: readonly string[];
}

const packetStart = "<?xpacket begin";
/** XML is slow to take apart; a longer packet holds thumbnails or the history of an editor. */
const maxXmpBytes = 1 << 20;
/** Fields that are read; the others cost time and memory. */
const exifFields = [
  ..."Make Model LensMake LensModel DateTime DateTimeOriginal DateTimeDigitized OffsetTime OffsetTimeOriginal OffsetTimeDigitized".split(
    " ",
  ),
  ..."ExposureTime FNumber ISOSpeedRatings PhotographicSensitivity FocalLength".split(" "),
  ..."UserComment MakerNote ImageDescription Software Artist Copyright Rating XPTitle XPSubject XPComment XPAuthor XPKeywords".split(" "),
];
const iptcFields = ["Object Name", "Keywords", "By-line", "Caption/Abstract", "Headline", "Copyright Notice"];

/** Finds the parts that say something; of an AVIF, which may hold them anywhere, the file as far as it is read. */
export function readParts(bytes: ByteSource, format: ImageFormat): Promise<ContainerParts> {
  switch (format) {
    case "png":
      return readPngParts(bytes);
    case "jpeg":
      return readJpegParts(bytes);
    case "webp":
      return readWebpParts(bytes);
    case "tiff":
      return readTiffParts(bytes);
    case "avif":
      return bytes.read(0, 2 * maxCarrierBytes).then((whole) => ({ texts: [], carriers: [whole] }));
    case "gif":
    case "bmp":
      return Promise.resolve({ texts: [], carriers: [] });
  }
}

/** Reads what the carriers hold; of a value that several have, the first. Never throws: a damaged carrier counts as empty. */
export function readTags(carriers: ContainerParts["carriers"]): ContainerTags {
  const exif = new Map<string, unknown>();
  const iptc = new Map<string, readonly string[]>();
  const xmp = new Map<string, readonly string[]>();
  const xmpPackets: string[] = [];
  for (const carrier of carriers) {
    const groups = loadGroups(carrier);
    for (const [name, tag] of entriesOf(groups["exif"])) putFirst(exif, name, valueOf(tag));
    for (const [name, tag] of entriesOf(groups["iptc"])) putFirst(iptc, name, (Array.isArray(tag) ? tag : [tag]).map(iptcText));
    for (const [name, tag] of entriesOf(groups["xmp"])) {
      if (name === "_raw") xmpPackets.push(String(tag));
      else putFirst(xmp, name, xmpTexts(valueOf(tag)));
    }
  }
  return { exif, iptc, xmp, xmpPackets };
}

type Groups = Readonly<Record<string, unknown>>;

function loadGroups(carrier: Uint8Array): Groups {
  if (isPacket(carrier) && carrier.length > maxXmpBytes) return {};
  try {
    return load(Buffer.from(asFile(carrier)), {
      expanded: true,
      includeTags: { exif: exifFields, iptc: iptcFields, xmp: true },
    }) as unknown as Groups;
  } catch {
    return {};
  }
}

function isPacket(carrier: Uint8Array): boolean {
  return /^\s*(?:\uFEFF)?<(?:\?xpacket|x:xmpmeta|rdf:RDF|\?xml)/.test(decodeText(carrier.subarray(0, 200)));
}

/** A packet is known by its first words, which it may lack inside a container. */
function asFile(carrier: Uint8Array): Uint8Array {
  const first = carrier.indexOf(0x3c);
  if (!isPacket(carrier) || decodeText(carrier.subarray(first, first + packetStart.length)) === packetStart) return carrier;
  const start = new TextEncoder().encode(`${packetStart}="" id="W5M0MpCehiHzreSzNTczkc9d"?>`);
  return Buffer.concat([start, carrier.subarray(first)]);
}

function putFirst<Value>(map: Map<string, Value>, name: string, value: Value): void {
  if (!map.has(name)) map.set(name, value);
}

function entriesOf(group: unknown): [string, unknown][] {
  return typeof group === "object" && group !== null ? Object.entries(group) : [];
}

function valueOf(tag: unknown): unknown {
  return typeof tag === "object" && tag !== null && "value" in tag ? tag.value : null;
}

/** Few writers name their encoding, so it is told from the bytes. */
function iptcText(tag: unknown): string {
  const value = valueOf(tag);
  return Array.isArray(value) ? decodeText(Uint8Array.from(value as number[])).trim() : "";
}

/** The texts of a value: of a list its items, of alternatives the default one first. */
function xmpTexts(value: unknown): readonly string[] {
  if (typeof value === "string") return [value.trim()];
  if (!Array.isArray(value)) return [];
  const isDefault = (item: unknown): boolean =>
    typeof item === "object" && item !== null && "attributes" in item && JSON.stringify(item.attributes).includes("x-default");
  const items = [...(value as unknown[])].sort((a, b) => Number(isDefault(b)) - Number(isDefault(a)));
  return items.flatMap((item) => {
    const text = valueOf(item);
    return typeof text === "string" ? [text.trim()] : [];
  });
}
