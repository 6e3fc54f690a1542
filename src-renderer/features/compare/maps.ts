/** @file What the panes draw in each view: a map a side, its range, and the tiles that are marked. Pure. */
import type { PairScore, TokenGrid } from "#shared/domain/score";
import { type RampName, type ValueRange, rangeOf, symmetricRange } from "../../charts/scales";
import type { RangeMode } from "./compare-state";
import { type FractionBox, type PaneSide, type TilePlace, otherSide, tileAt } from "./tile";
import { type TileMeasure, type TokenVectors, bestTile, similarityMap } from "./token-vectors";

/** The map of one side. `marked` is the tile that is read, or the best match of the one that is read on the other side. */
export interface SideMap {
  readonly grid: TokenGrid;
  readonly values: ArrayLike<number>;
  readonly marked: { readonly tile: number; readonly kind: "read" | "best"; readonly score: number } | null;
}

export interface PairMaps {
  readonly a: SideMap;
  readonly b: SideMap;
  readonly ramp: RampName;
  readonly range: ValueRange;
}

export type Areas = Readonly<Record<PaneSide, FractionBox>>;

/** One tile against all tiles of both pictures. */
export function similarityMaps(
  vectors: Readonly<Record<PaneSide, TokenVectors>>,
  place: TilePlace,
  options: { readonly areas: Areas; readonly measure: TileMeasure; readonly rangeMode: RangeMode },
): PairMaps {
  const { areas, measure, rangeMode } = options;
  const here = vectors[place.side];
  const tile = tileAt(place.x, place.y, here.grid, areas[place.side]);
  const maps = { a: similarityMap(here, tile, vectors.a), b: similarityMap(here, tile, vectors.b) };
  const best = bestTile(maps[otherSide(place.side)]);
  const sideMap = (side: PaneSide): SideMap => ({
    grid: vectors[side].grid,
    values: maps[side],
    marked: side === place.side ? { tile, kind: "read", score: 1 } : { tile: best.tile, kind: "best", score: best.score },
  });
  const isSigned = measure === "centred";
  const fitted = rangeOf(maps.a, maps.b);
  const fixed = { min: isSigned ? -1 : 0, max: 1 };
  const range = rangeMode === "fixed" ? fixed : isSigned ? symmetricRange(fitted) : fitted;
  return { a: sideMap("a"), b: sideMap("b"), ramp: isSigned ? "diverging" : "sequential", range };
}

/** Where the two pictures agree: the heat that came with the score. Null when the metric has none. */
export function agreementMaps(pair: PairScore, rangeMode: RangeMode): PairMaps | null {
  const { a, b } = pair;
  if (a === null || b === null) return null;
  return {
    a: { grid: a.grid, values: a.heat, marked: null },
    b: { grid: b.grid, values: b.heat, marked: null },
    ramp: "sequential",
    range: rangeMode === "fixed" ? { min: 0, max: 1 } : rangeOf(a.heat, b.heat),
  };
}

/** The tile that is read while nothing is pointed at or pinned: where A agrees most with B. */
export function mostAgreeingTile(pair: PairScore): number | null {
  return pair.a === null ? null : bestTile(pair.a.heat).tile;
}
