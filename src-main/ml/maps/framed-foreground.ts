/**
 * @file A guess at what a picture is of, for any model: what stands in front is unlike the frame of the picture.
 *
 *   likeness of a tile = cosine of its vector with the mean direction of the tiles at the border
 *
 * Tiles fall into two sides by their likeness, and the side that is less like the frame is the foreground. `estimateForeground` asks for the direction in which
 * tiles differ most, which suits DINOv2; on the starter's tokens, whose main direction is often light and dark, this finds more (docs/foreground.md). A thing
 * that runs along the border, or a background unlike its own edge, misleads it; a mask that a person gives is always better.
 * Source of the observation: Wei et al., "Geodesic Saliency Using Background Priors", ECCV 2012; of the threshold: Otsu 1979.
 */
import { unit } from "../tensor/linear-algebra";
import { type FeatureMap, tileCount, tileVector } from "./feature-map";
import { twoSides } from "./foreground-estimate";
import { type TileMask, touchesBorder } from "./tile-mask";

/** The tiles of the foreground; all of them where none is less like the frame than others. Lengths of the vectors do not count. */
export function estimateInFrame(map: FeatureMap): TileMask {
  const tiles = Array.from({ length: tileCount(map) }, (_, tile) => unit(tileVector(map, tile)));
  const frame = new Float64Array(map.channels);
  tiles.forEach((direction, tile) => {
    if (touchesBorder(map, tile)) direction.forEach((x, channel) => (frame[channel] = (frame[channel] ?? 0) + x));
  });
  const likeness = Float32Array.from(tiles, (direction) => direction.reduce((sum, x, channel) => sum + x * (frame[channel] ?? 0), 0));
  const threshold = twoSides(likeness);
  return Uint8Array.from(likeness, (value) => (value <= threshold ? 1 : 0));
}
