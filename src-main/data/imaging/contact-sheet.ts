/** @file A sheet of small pictures with captions, in sections, as a PNG on white paper. */
import sharp, { type OverlayOptions } from "sharp";
import { escapeMarkup } from "#shared/lib/markup";

/** `picture` is an encoded picture, null where it is not there any more; `lines` stand below it. */
export interface SheetTile {
  readonly picture: Uint8Array | null;
  readonly lines: readonly string[];
}

export interface SheetSection {
  readonly heading: string;
  readonly tiles: readonly SheetTile[];
}

export interface Sheet {
  readonly title: string;
  /** Below the title. */
  readonly note: string;
  readonly sections: readonly SheetSection[];
}

/** Pixels. */
const side = 200;
const gap = 16;
const columns = 6;
const lineHeight = 17;
const titleHeight = 76;
const headingHeight = 44;
const width = columns * (side + gap) + gap;
/** About what a letter takes at the size of a caption. */
const letterWidth = 6.6;

interface Strip {
  readonly top: number;
  readonly height: number;
  /** What is written in it, at places within it. */
  readonly texts: readonly string[];
}

/** Draws the sheet. Captions that are too long lose their middle: a name is told by its beginning and its end. */
export async function renderContactSheet({ title, note, sections }: Sheet): Promise<Buffer> {
  const strips: Strip[] = [
    {
      top: 0,
      height: titleHeight,
      texts: [text(title, { x: gap, y: 36, size: 22 }, columns * 17), text(note, { x: gap, y: 60, size: 13 }, 150)],
    },
  ];
  const pictures: OverlayOptions[] = [];
  let top = titleHeight;
  for (const { heading, tiles } of sections) {
    if (tiles.length === 0) continue;
    strips.push({ top, height: headingHeight, texts: [text(heading, { x: gap, y: 30, size: 16 }, 110)] });
    top += headingHeight;
    for (let first = 0; first < tiles.length; first += columns) {
      const row = tiles.slice(first, first + columns);
      const captions = Math.max(...row.map(({ lines }) => lines.length)) * lineHeight;
      strips.push({ top: top + side, height: captions + gap, texts: row.flatMap(captionOf) });
      pictures.push(...(await placed(row, top)));
      top += side + captions + gap;
    }
  }
  // A drawing has a largest height, so every strip of text is one of its own.
  const overlays = strips.map(({ height, texts, ...place }): OverlayOptions => ({
    input: drawing(height, texts),
    left: 0,
    top: place.top,
  }));
  return sharp({ create: { width, height: top + gap, channels: 3, background: "#ffffff" } })
    .composite([...overlays, ...pictures])
    .removeAlpha()
    .png()
    .toBuffer();
}

const leftOf = (column: number): number => gap + column * (side + gap);

function captionOf({ lines }: SheetTile, column: number): readonly string[] {
  return lines.map((line, index) =>
    text(line, { x: leftOf(column), y: (index + 1) * lineHeight, size: 12 }, Math.floor(side / letterWidth)),
  );
}

async function placed(row: readonly SheetTile[], top: number): Promise<readonly OverlayOptions[]> {
  const overlays: OverlayOptions[] = [];
  for (const [column, { picture }] of row.entries()) {
    const input =
      picture === null
        ? drawing(side, ['<rect width="100%" height="100%" fill="#eee"/>', text("No picture", { x: 60, y: side / 2, size: 13 }, 20)], side)
        : await sharp(picture).resize({ width: side, height: side, fit: "contain", background: "#ffffff" }).png().toBuffer();
    overlays.push({ input, left: leftOf(column), top });
  }
  return overlays;
}

interface TextPlace {
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

function text(words: string, { x, y, size }: TextPlace, letters: number): string {
  return `<text x="${x}" y="${y}" font-family="sans-serif" font-size="${size}" fill="#1a1a1a">${escapeMarkup(withoutMiddle(words, letters))}</text>`;
}

function withoutMiddle(words: string, letters: number): string {
  const all = [...words];
  if (all.length <= letters) return words;
  const half = Math.floor((letters - 1) / 2);
  return `${all.slice(0, half).join("")}…${all.slice(-half).join("")}`;
}

function drawing(height: number, parts: readonly string[], drawingWidth: number = width): Buffer {
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${drawingWidth}" height="${height}">${parts.join("")}</svg>`);
}
