/** @file Matched regions of a pair: which parts of the query are found again, and where. From the same features as the score. */
import type { Crop } from "#shared/domain/search";
import type { PairScore, PairSide, TokenGrid } from "#shared/domain/score";

/** A region and its counterpart in fractions of the pictures. `agreement` is the heat of the region's middle patch. */
export interface MatchedRegion {
  readonly number: number;
  readonly a: Crop;
  readonly b: Crop;
  readonly agreement: number;
}

/** A region is about a quarter of the picture's side, so that it shows a thing and not a speck. */
const regionShare = 0.26;

/**
 * The `limit` best matched patches of A that do not overlap, each widened to a region, with the same region around its best match in B.
 * Empty when the metric has no map. `area` maps the grid onto the picture where the model saw only a part of it.
 */
export function matchedRegions(pair: Pick<PairScore, "a" | "b">, limit: number, area: (side: PairSide) => Crop): readonly MatchedRegion[] {
  const { a, b } = pair;
  if (a === null || b === null) return [];
  const order = [...a.heat.keys()].sort((one, other) => smoothedHeat(a, other) - smoothedHeat(a, one));
  const regions: MatchedRegion[] = [];
  for (const tile of order) {
    if (regions.length >= limit) break;
    const boxA = regionAround(tile, a.grid, area(a));
    const boxB = regionAround(a.match[tile] ?? 0, b.grid, area(b));
    if (regions.some((region) => overlaps(region.a, boxA) || overlaps(region.b, boxB))) continue;
    regions.push({ number: regions.length + 1, a: boxA, b: boxB, agreement: a.heat[tile] ?? 0 });
  }
  return regions;
}

/** Mean heat of a patch and its neighbours: a lone hot patch is no region. */
function smoothedHeat({ heat, grid }: PairSide, tile: number): number {
  const column = tile % grid.columns;
  const row = Math.floor(tile / grid.columns);
  let sum = 0;
  let count = 0;
  for (let y = Math.max(0, row - 1); y <= Math.min(grid.rows - 1, row + 1); y++) {
    for (let x = Math.max(0, column - 1); x <= Math.min(grid.columns - 1, column + 1); x++) {
      sum += heat[y * grid.columns + x] ?? 0;
      count++;
    }
  }
  return sum / count;
}

/** A box around a patch, kept inside the picture. */
function regionAround(tile: number, grid: TokenGrid, area: Crop): Crop {
  const width = Math.max(regionShare, area.width / grid.columns);
  const height = Math.max(regionShare, area.height / grid.rows);
  const centreX = area.x + (((tile % grid.columns) + 0.5) / grid.columns) * area.width;
  const centreY = area.y + ((Math.floor(tile / grid.columns) + 0.5) / grid.rows) * area.height;
  return { x: keepInside(centreX - width / 2, width), y: keepInside(centreY - height / 2, height), width, height };
}

function keepInside(start: number, length: number): number {
  return Math.min(1 - length, Math.max(0, start));
}

/** Room for a region's number above the next one, as a share of the picture. */
const spacing = 0.1;

function overlaps(one: Crop, other: Crop): boolean {
  const isApart = (startA: number, endA: number, startB: number, endB: number): boolean => startA >= endB || startB >= endA;
  return !(
    isApart(one.x, one.x + one.width, other.x, other.x + other.width) ||
    isApart(one.y, one.y + one.height + spacing, other.y, other.y + other.height + spacing)
  );
}
