/** @file Drawing, moving and resizing a box on a picture, in fractions. */
import type { Crop } from "#shared/domain/search";

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A smaller box is a slip of the hand, not a crop. */
export const smallestCrop = 0.02;

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}

/** The box between two corners, whichever was drawn first; null when it is too small to be meant. */
export function boxBetween(from: Point, to: Point): Crop | null {
  const left = clamp(Math.min(from.x, to.x), 0, 1);
  const top = clamp(Math.min(from.y, to.y), 0, 1);
  const width = clamp(Math.max(from.x, to.x), 0, 1) - left;
  const height = clamp(Math.max(from.y, to.y), 0, 1) - top;
  return width < smallestCrop || height < smallestCrop ? null : { x: left, y: top, width, height };
}

/** Moves a box without letting it leave the picture or change its size. */
export function movedBox(box: Crop, by: Point): Crop {
  return { ...box, x: clamp(box.x + by.x, 0, 1 - box.width), y: clamp(box.y + by.y, 0, 1 - box.height) };
}

/** Moves the lower right corner. */
export function resizedBox(box: Crop, by: Point): Crop {
  return { ...box, width: clamp(box.width + by.x, smallestCrop, 1 - box.x), height: clamp(box.height + by.y, smallestCrop, 1 - box.y) };
}

export function isInside(box: Crop, { x, y }: Point): boolean {
  return x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
}

/** Share of the picture's area, in whole percent. */
export function cropPercent({ width, height }: Crop): number {
  return Math.round(width * height * 100);
}
