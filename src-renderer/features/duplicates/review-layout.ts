/** @file Where the pictures of the groups lie: each group in lines of one height, so that its pictures stand side by side. Pure. */
import { layoutAspect, type TileBox } from "../../lib/justified-rows";
import type { ReviewedPicture } from "./groups";

/** Pixels. */
export const imageHeight = 168;
export const captionHeight = 54;
const gap = 12;
const groupPadding = 12;
const narrowest = 148;
const widest = 300;

/** A line of one group. `size` holds caption and the space to what follows. */
export interface ReviewLine {
  readonly group: number;
  readonly isFirst: boolean;
  readonly size: number;
  readonly boxes: readonly TileBox[];
}

/** Lines from top to bottom; `width` is what a line may take. */
export function layoutReview(pictures: readonly ReviewedPicture[], width: number): readonly ReviewLine[] {
  const lines: { group: number; isFirst: boolean; size: number; boxes: TileBox[] }[] = [];
  if (width <= 0) return lines;
  let left = 0;
  for (const [index, { group, picture }] of pictures.entries()) {
    const { asset } = picture;
    const tile = Math.min(width, widest, Math.max(narrowest, Math.round(layoutAspect(asset.width / asset.height) * imageHeight)));
    const line = lines.at(-1);
    if (line === undefined || line.group !== group || left + tile > width) {
      left = 0;
      lines.push({ group, isFirst: line?.group !== group, size: imageHeight + captionHeight + gap, boxes: [] });
    }
    lines.at(-1)?.boxes.push({ index, left, width: tile });
    left += tile + gap;
  }
  return lines.map((line, place) => (lines[place + 1]?.group === line.group ? line : { ...line, size: line.size + groupPadding }));
}

/** Which line holds picture `index`; -1 when none does. */
export function lineOf(lines: readonly ReviewLine[], index: number): number {
  return lines.findIndex(({ boxes }) => boxes.some((box) => box.index === index));
}

/** The picture that a key leads to from picture `index`, within the list; null when the key is no move. Up and down go by what the eye sees. */
export function moved(lines: readonly ReviewLine[], index: number, key: string): number | null {
  const last = lines.at(-1)?.boxes.at(-1)?.index ?? 0;
  switch (key) {
    case "ArrowLeft":
      return Math.max(0, index - 1);
    case "ArrowRight":
      return Math.min(last, index + 1);
    case "ArrowUp":
      return nearest(lines, index, -1);
    case "ArrowDown":
      return nearest(lines, index, 1);
    case "Home":
      return 0;
    case "End":
      return last;
    default:
      return null;
  }
}

function nearest(lines: readonly ReviewLine[], index: number, step: -1 | 1): number {
  const here = lineOf(lines, index);
  const box = lines[here]?.boxes.find((candidate) => candidate.index === index);
  const others = lines[here + step]?.boxes;
  if (box === undefined || others === undefined) return index;
  const distance = (other: TileBox): number => Math.abs(other.left + other.width / 2 - box.left - box.width / 2);
  return others.reduce((best, other) => (distance(other) < distance(best) ? other : best)).index;
}
