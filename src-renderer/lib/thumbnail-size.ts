/** @file Which thumbnail a box needs. */
import { thumbnailSizes, type ThumbnailSize } from "#shared/contract/media-routes";

/** The smallest thumbnail that is sharp at `width` by `height` on this screen. */
export function thumbnailSizeFor(width: number, height: number): ThumbnailSize {
  const pixels = Math.max(width, height) * window.devicePixelRatio;
  return thumbnailSizes.find((size) => size >= pixels * 0.9) ?? 1024;
}
