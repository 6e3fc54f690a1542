/**
 * @file A guess at what a picture is of, from the vectors of its tiles alone: they fall into two sides along the direction in which they differ most, and the
 * side with the smaller share of the picture's border is taken for the foreground. A busy background, a thing that fills the picture, or several things unlike
 * each other mislead it; a mask that a person gives is always better.
 * Source of the observation: Oquab et al., "DINOv2", 2023, figure 1; of the threshold: Otsu 1979.
 */
import { unit } from "../tensor/linear-algebra";
import { type FeatureMap, tileCount, tileVector } from "./feature-map";
import { principalComponents, project } from "./principal-components";
import { type TileMask, touchesBorder } from "./tile-mask";

/** The tiles of the foreground; all of them where the vectors do not differ. Lengths of the vectors do not count. */
export function estimateForeground(map: FeatureMap): TileMask {
  const count = tileCount(map);
  const everything = new Uint8Array(count).fill(1);
  const directions = new Float32Array(map.data.length);
  for (let tile = 0; tile < count; tile++) directions.set(unit(tileVector(map, tile)), tile * map.channels);
  const rows = { count, channels: map.channels, data: directions };
  const components = principalComponents(rows, 1);
  if (components.components.length === 0) return everything;
  const places = project(rows, components);
  const threshold = twoSides(places);
  const isHigh = Array.from(places, (place) => place > threshold);
  const isForeground = borderShare(map, isHigh, true) < borderShare(map, isHigh, false);
  return Uint8Array.from(isHigh, (high) => (high === isForeground ? 1 : 0));
}

/** The largest value of the lower side when values are cut in two so that the sides' means are as far apart as their sizes allow. */
export function twoSides(values: Float32Array): number {
  const sorted = values.toSorted();
  const total = sorted.reduce((sum, value) => sum + value, 0);
  let below = 0;
  let widest = -Infinity;
  let threshold = sorted[0] ?? 0;
  for (let count = 1; count < sorted.length; count++) {
    below += sorted[count - 1] ?? 0;
    const apart = (total - below) / (sorted.length - count) - below / count;
    const between = count * (sorted.length - count) * apart ** 2;
    if (between <= widest) continue;
    widest = between;
    threshold = sorted[count - 1] ?? 0;
  }
  return threshold;
}

/** How much of a side lies at the border of the picture. */
function borderShare(map: FeatureMap, isHigh: readonly boolean[], side: boolean): number {
  const tiles = isHigh.flatMap((high, tile) => (high === side ? [tile] : []));
  return tiles.filter((tile) => touchesBorder(map, tile)).length / tiles.length;
}
