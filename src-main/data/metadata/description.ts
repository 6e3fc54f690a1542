/** @file How a picture was described by a person or a program: XMP before IPTC before EXIF, then the texts of a PNG. */
import type { Description } from "#shared/domain/asset-metadata";
import type { ContainerTags } from "./container";
import { exifText } from "./exif-text";

/** What is longer is no description; it stays in the raw texts. */
const maxTextLength = 20_000;
const maxKeywords = 1000;

/** Shares of a hundred by which Windows writes 1 to 5 stars. */
const percentStars = [1, 25, 50, 75, 99];

/**
 * The description; null when there is none. `isText` tells words about a picture from a generator's document that stands in their place.
 */
export function readDescription(
  tags: ContainerTags,
  texts: ReadonlyMap<string, string>,
  isText: (text: string) => boolean,
): Description | null {
  const { xmp, iptc, exif } = tags;
  const isWords = (text: string): boolean => text !== "" && text.length <= maxTextLength && isText(text);
  const first = (...candidates: readonly (string | null | undefined)[]): string | null =>
    candidates.find((text) => text !== null && text !== undefined && isWords(text)) ?? null;
  const description: Description = {
    title: first(xmp.get("title")?.[0], iptc.get("Object Name")?.[0], exifText(exif, "XPTitle"), texts.get("Title")),
    caption: first(
      xmp.get("description")?.[0],
      iptc.get("Caption/Abstract")?.[0],
      exifText(exif, "ImageDescription"),
      exifText(exif, "XPComment"),
      exifText(exif, "UserComment"),
      texts.get("Description"),
      texts.get("Comment"),
    ),
    creator: first(xmp.get("creator")?.join(", "), iptc.get("By-line")?.join(", "), exifText(exif, "Artist"), texts.get("Author")),
    copyright: first(xmp.get("rights")?.[0], iptc.get("Copyright Notice")?.[0], exifText(exif, "Copyright"), texts.get("Copyright")),
    keywords: keywordsOf(tags),
    rating: ratingOf(tags),
  };
  const { keywords, ...others } = description;
  return keywords.length === 0 && Object.values(others).every((value) => value === null) ? null : description;
}

/** All keywords, each once whatever its case. */
function keywordsOf({ xmp, iptc, exif }: ContainerTags): string[] {
  const all = [...(xmp.get("subject") ?? []), ...(iptc.get("Keywords") ?? []), ...(exifText(exif, "XPKeywords") ?? "").split(";")];
  const known = new Map<string, string>();
  for (const keyword of all.map((text) => text.trim())) {
    const key = keyword.toLowerCase();
    if (keyword !== "" && keyword.length <= maxTextLength && !known.has(key)) known.set(key, keyword);
  }
  return [...known.values()].slice(0, maxKeywords);
}

function ratingOf({ xmp, exif }: ContainerTags): number | null {
  const value = Number(xmp.get("Rating")?.[0] ?? exif.get("Rating") ?? Number.NaN);
  if (!Number.isFinite(value) || value === 0) return null;
  if (value < 0) return -1;
  const stars = value > 5 ? percentStars.filter((share) => share <= value).length : Math.round(value);
  return stars === 0 ? null : stars;
}
