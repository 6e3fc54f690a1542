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
 * @param spacing least distance between two chosen patches of A, as a share of the grid's longer side, so that a large uniform
 *                area does not take every line
 */
export function mutualMatches(a: PairSide, b: PairSide, limit: number, spacing = 0.12): readonly PatchMatch[] {
  const candidates: PatchMatch[] = [];
  for (const [tileA, tileB] of a.match.entries()) {
    if (b.match[tileB] !== tileA) continue;
    candidates.push({ a: tileA, b: tileB, agreement: ((a.heat[tileA] ?? 0) + (b.heat[tileB] ?? 0)) / 2 });
  }
  candidates.sort((one, other) => other.agreement - one.agreement);
  return spreadOut(candidates, a.grid, limit, spacing);
}

/** The best matched patches of A whether or not they are mutual: for pictures that share so little that nothing is. */
export function bestMatches(a: PairSide, b: PairSide, limit: number, spacing = 0.12): readonly PatchMatch[] {
  const mutual = mutualMatches(a, b, limit, spacing);
  if (mutual.length > 0) return mutual;
  const candidates = [...a.match.entries()].map(([tileA, tileB]) => ({ a: tileA, b: tileB, agreement: a.heat[tileA] ?? 0 }));
  candidates.sort((one, other) => other.agreement - one.agreement);
  return spreadOut(candidates, a.grid, limit, spacing);
}

function spreadOut(candidates: readonly PatchMatch[], grid: TokenGrid, limit: number, spacing: number): readonly PatchMatch[] {
  const least = spacing * Math.max(grid.rows, grid.columns);
  const chosen: PatchMatch[] = [];
  for (const candidate of candidates) {
    if (chosen.length >= limit) break;
    if (chosen.every((other) => tileDistance(candidate.a, other.a, grid) >= least)) chosen.push(candidate);
  }
  return chosen;
}

function tileDistance(one: number, other: number, grid: TokenGrid): number {
  const columns = (one % grid.columns) - (other % grid.columns);
  const rows = Math.floor(one / grid.columns) - Math.floor(other / grid.columns);
  return Math.hypot(columns, rows);
}
