/** @file Best matched patches of a pair, from the maps that came with its score. */
import type { PairSide, TokenGrid } from "#shared/domain/score";

/** A patch of each picture that belong together. `agreement` is the mean of both patches' heat. */
export interface PatchMatch {
  readonly a: number;
  readonly b: number;
  readonly agreement: number;
}

/**
 * Pairs of patches that are each other's best match, best first, spread over the picture.
 *
 * @param spacing least distance between two chosen patches in either picture, as a share of the grid's longer side, so that a large
 *                uniform area does not take every line
 */
export function mutualMatches(a: PairSide, b: PairSide, limit: number, spacing = 0.12): readonly PatchMatch[] {
  const candidates: PatchMatch[] = [];
  for (const [tileA, tileB] of a.match.entries()) {
    if (b.match[tileB] !== tileA) continue;
    candidates.push({ a: tileA, b: tileB, agreement: ((a.heat[tileA] ?? 0) + (b.heat[tileB] ?? 0)) / 2 });
  }
  candidates.sort((one, other) => other.agreement - one.agreement);
  return spreadOut(candidates, { a: a.grid, b: b.grid }, { limit, spacing });
}

/** The best matched patches of A whether or not they are mutual: for pictures that share so little that nothing is. */
export function bestMatches(a: PairSide, b: PairSide, limit: number, spacing = 0.12): readonly PatchMatch[] {
  const mutual = mutualMatches(a, b, limit, spacing);
  if (mutual.length > 0) return mutual;
  const candidates = [...a.match.entries()].map(([tileA, tileB]) => ({ a: tileA, b: tileB, agreement: a.heat[tileA] ?? 0 }));
  candidates.sort((one, other) => other.agreement - one.agreement);
  return spreadOut(candidates, { a: a.grid, b: b.grid }, { limit, spacing });
}

type Grids = Readonly<Record<"a" | "b", TokenGrid>>;

/** Takes the best candidates that keep their distance in both pictures. */
function spreadOut(
  candidates: readonly PatchMatch[],
  grids: Grids,
  { limit, spacing }: { readonly limit: number; readonly spacing: number },
): readonly PatchMatch[] {
  const keepsDistance = (one: PatchMatch, other: PatchMatch): boolean =>
    (["a", "b"] as const).every(
      (side) => tileDistance(one[side], other[side], grids[side]) >= spacing * Math.max(grids[side].rows, grids[side].columns),
    );
  const chosen: PatchMatch[] = [];
  for (const candidate of candidates) {
    if (chosen.length >= limit) break;
    if (chosen.every((other) => keepsDistance(candidate, other))) chosen.push(candidate);
  }
  return chosen;
}

function tileDistance(one: number, other: number, grid: TokenGrid): number {
  const columns = (one % grid.columns) - (other % grid.columns);
  const rows = Math.floor(one / grid.columns) - Math.floor(other / grid.columns);
  return Math.hypot(columns, rows);
}
