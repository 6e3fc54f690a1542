/** @file A brush on a mask: pixels in, new pixels out. */
import type { MaskPixels } from "#shared/domain/mask";

/** A place in the picture, 0..1 from the top left. */
export interface MaskPlace {
  readonly x: number;
  readonly y: number;
}

/** `radius` is a share of the mask's longer side; `adds` paints what counts, else what does not. */
export interface Brush {
  readonly radius: number;
  readonly adds: boolean;
}

/** Paints with a round brush along a straight line; a line of no length is a dot. At least the pixels at both ends are painted. */
export function painted(pixels: MaskPixels, [from, to]: readonly [MaskPlace, MaskPlace], { radius, adds }: Brush): MaskPixels {
  const { width, height } = pixels;
  const data = pixels.data.slice();
  const reach = Math.max(0.5, radius * Math.max(width, height));
  const [start, end] = [pixelOf(from, pixels), pixelOf(to, pixels)];
  const [left, right] = [Math.min(start.x, end.x) - reach, Math.max(start.x, end.x) + reach];
  const [top, bottom] = [Math.min(start.y, end.y) - reach, Math.max(start.y, end.y) + reach];
  for (let y = Math.max(0, Math.floor(top)); y <= Math.min(height - 1, Math.ceil(bottom)); y++) {
    for (let x = Math.max(0, Math.floor(left)); x <= Math.min(width - 1, Math.ceil(right)); x++) {
      if (distance({ x, y }, start, end) <= reach) data[y * width + x] = adds ? 1 : 0;
    }
  }
  for (const { x, y } of [start, end]) data[y * width + x] = adds ? 1 : 0;
  return { width, height, data };
}

/** Whether a mask leaves anything to count. */
export function countsAnything({ data }: MaskPixels): boolean {
  return data.includes(1);
}

function pixelOf({ x, y }: MaskPlace, { width, height }: MaskPixels): MaskPlace {
  const within = (share: number, length: number): number => Math.min(length - 1, Math.max(0, Math.floor(share * length)));
  return { x: within(x, width), y: within(y, height) };
}

/** How far a place is from a line between two others. */
function distance(place: MaskPlace, start: MaskPlace, end: MaskPlace): number {
  const [dx, dy] = [end.x - start.x, end.y - start.y];
  const squared = dx * dx + dy * dy;
  const along = squared === 0 ? 0 : ((place.x - start.x) * dx + (place.y - start.y) * dy) / squared;
  const nearest = Math.min(1, Math.max(0, along));
  return Math.hypot(place.x - start.x - nearest * dx, place.y - start.y - nearest * dy);
}
