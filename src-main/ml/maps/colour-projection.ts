/**
 * @file Feature maps in colour: each of the three directions in which the tiles of all pictures differ most becomes a colour channel.
 * Source: plot_pca of generic-diffusion-feature, feature_visualization.py (quirk 51); there every picture has components of its own.
 */
import type { ScoringMode } from "#shared/domain/feature-recipe";
import { tileCount } from "./feature-map";
import { type PrincipalComponents, principalComponents, project, turnedByProjection } from "./principal-components";
import { jointRows, type MaskedMap, rowsOf } from "./vector-rows";

const colours = 3;

export interface ColourProjection extends Omit<PrincipalComponents, "mean"> {
  /** Of each map: where its tiles lie along the components, [rows * columns, components]. */
  readonly projections: readonly Float32Array[];
  /** Of each map: its tiles as RGB, [rows * columns, 3]. */
  readonly pictures: readonly Uint8Array[];
}

/**
 * Projects all maps on common components and colours them on a common scale: the least of a component is 0, the most 255, fractions are cut off.
 * Tiles that take no part decide neither components nor scale. A channel without a component stays 0. Published mode turns the components as the
 * scikit-learn of the published code does, corrected mode as that of today (quirk 52).
 *
 * @throws scoring/incompatible-features when the channels differ
 */
export function projectToColours(pictures: readonly MaskedMap[], mode: ScoringMode = "corrected"): ColourProjection {
  const rows = jointRows(pictures);
  const current = principalComponents(rows, colours);
  const { mean, ...found } = mode === "published" ? turnedByProjection(rows, current) : current;
  const axes = { components: found.components, mean };
  const scale = componentRanges(project(rows, axes), axes.components.length);
  const projections = pictures.map(({ map }) => project(rowsOf(map), axes));
  return {
    ...found,
    projections,
    pictures: pictures.map(({ map }, i) => coloured(tileCount(map), projections[i] ?? new Float32Array(), scale)),
  };
}

interface Range {
  readonly low: number;
  readonly high: number;
}

function componentRanges(projection: Float32Array, components: number): readonly Range[] {
  return Array.from({ length: components }, (_, k) => {
    const along = projection.filter((_, at) => at % components === k);
    return along.reduce(({ low, high }, x) => ({ low: Math.min(low, x), high: Math.max(high, x) }), { low: Infinity, high: -Infinity });
  });
}

function coloured(tiles: number, projection: Float32Array, scale: readonly Range[]): Uint8Array {
  const picture = new Uint8Array(colours * tiles);
  for (let tile = 0; tile < tiles; tile++) {
    scale.forEach(({ low, high }, k) => {
      const share = ((projection[tile * scale.length + k] as number) - low) / (high - low);
      picture[colours * tile + k] = 255 * Math.min(1, Math.max(0, share));
    });
  }
  return picture;
}
