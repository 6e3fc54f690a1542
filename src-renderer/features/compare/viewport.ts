/** @file Zoom and pan in picture coordinates, so that two pictures of different size can share them. */

/** `scale` 1 fits the picture; `x` and `y` are the place of the picture (fractions) in the middle of the pane. */
export interface Viewport {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export const fittedViewport: Viewport = { scale: 1, x: 0.5, y: 0.5 };
export const scaleRange = { min: 1, max: 16 } as const;

/** Zooms by `factor` and keeps the place under the pointer where it is. `pointer` is in fractions of the shown (zoomed) box, from its middle. */
export function zoomedAt(viewport: Viewport, factor: number, pointer: { readonly x: number; readonly y: number }): Viewport {
  const scale = Math.min(scaleRange.max, Math.max(scaleRange.min, viewport.scale * factor));
  const shift = 1 / viewport.scale - 1 / scale;
  return bounded({ scale, x: viewport.x + pointer.x * shift, y: viewport.y + pointer.y * shift });
}

/** Moves by a share of the pane (positive: the picture goes right and down). */
export function pannedBy(viewport: Viewport, by: { readonly x: number; readonly y: number }): Viewport {
  return bounded({ ...viewport, x: viewport.x - by.x / viewport.scale, y: viewport.y - by.y / viewport.scale });
}

/** Keeps the picture covering the pane. */
function bounded({ scale, x, y }: Viewport): Viewport {
  const reach = 0.5 / scale;
  const keep = (value: number): number => Math.min(1 - reach, Math.max(reach, value));
  return { scale, x: keep(x), y: keep(y) };
}

/** CSS transform (origin: top left) of a picture box of `width` by `height` pixels. */
export function viewportTransform(viewport: Viewport, size: { readonly width: number; readonly height: number }): string {
  const left = size.width * (0.5 - viewport.x * viewport.scale);
  const top = size.height * (0.5 - viewport.y * viewport.scale);
  return `translate(${left.toFixed(2)}px, ${top.toFixed(2)}px) scale(${viewport.scale.toFixed(4)})`;
}

/** Where a place of the picture (fractions) is seen in the pane (fractions); outside 0..1 it is out of sight. */
export function seenAt(
  place: { readonly x: number; readonly y: number },
  { scale, x, y }: Viewport,
): { readonly x: number; readonly y: number } {
  return { x: 0.5 + (place.x - x) * scale, y: 0.5 + (place.y - y) * scale };
}

/** Where in the picture (fractions) a place of the pane (fractions) lies. The inverse of {@link seenAt}. */
export function placeSeenAt(
  seen: { readonly x: number; readonly y: number },
  { scale, x, y }: Viewport,
): { readonly x: number; readonly y: number } {
  return { x: x + (seen.x - 0.5) / scale, y: y + (seen.y - 0.5) / scale };
}

/** Largest box of a picture's aspect ratio inside a pane. */
export function fittedSize(
  picture: { readonly width: number; readonly height: number },
  pane: { readonly width: number; readonly height: number },
): { width: number; height: number } {
  const ratio = picture.width / picture.height;
  const width = Math.max(0, Math.min(pane.width, pane.height * ratio));
  return { width: Math.floor(width), height: Math.floor(width / ratio) };
}
