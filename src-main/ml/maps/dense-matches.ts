/** @file Which tile of one picture each tile of another is most like: correspondence everywhere at once. */
import { unit } from "../tensor/linear-algebra";
import { assertComparable, tileCount } from "./feature-map";
import { rowProducts } from "./row-products";
import { jointRows, type MaskedMap, rowVector, tilesTakingPart, type VectorRows } from "./vector-rows";

/** Of one picture: the best tile of the other for each of its tiles. */
export interface TileMatches {
  /** Index of the best tile, row by row; -1 for a tile that takes no part, or where the other picture has none that does. */
  readonly match: Int32Array;
  /** Its cosine; not a number where there is no match. */
  readonly cosine: Float32Array;
  /** 1 where the best tile chooses this one in turn. */
  readonly isMutual: Uint8Array;
}

/** Matches all tiles of two pictures both ways; of equally good ones the first. Throws scoring/incompatible-features when the channels differ. */
export function matchTiles(a: MaskedMap, b: MaskedMap): { readonly a: TileMatches; readonly b: TileMatches } {
  assertComparable(a.map, b.map);
  const [tilesOfA, tilesOfB] = [tilesTakingPart(a), tilesTakingPart(b)];
  const [rowsOfA, rowsOfB] = [unitRows(a), unitRows(b)];
  const [bestOfA, bestOfB] = [noMatches(tileCount(a.map)), noMatches(tileCount(b.map))];
  for (const [rowA, tileA] of tilesOfA.entries()) {
    const cosines = Float32Array.from(rowProducts(rowsOfB, rowVector(rowsOfA, rowA)));
    for (const [rowB, tileB] of tilesOfB.entries()) {
      const cosine = cosines[rowB] as number;
      offer(bestOfA, tileA, { tile: tileB, cosine });
      offer(bestOfB, tileB, { tile: tileA, cosine });
    }
  }
  return { a: { ...bestOfA, isMutual: mutual(bestOfA, bestOfB) }, b: { ...bestOfB, isMutual: mutual(bestOfB, bestOfA) } };
}

type Best = Pick<TileMatches, "match" | "cosine">;

/** The vectors of the tiles that take part, at length one. */
function unitRows(picture: MaskedMap): VectorRows {
  const rows = jointRows([picture]);
  for (let row = 0; row < rows.count; row++) rows.data.set(unit(rowVector(rows, row)), row * rows.channels);
  return rows;
}

function noMatches(tiles: number): Best {
  return { match: new Int32Array(tiles).fill(-1), cosine: new Float32Array(tiles).fill(Number.NaN) };
}

function offer({ match, cosine }: Best, tile: number, candidate: { readonly tile: number; readonly cosine: number }): void {
  if (candidate.cosine <= (cosine[tile] as number)) return;
  match[tile] = candidate.tile;
  cosine[tile] = candidate.cosine;
}

function mutual(own: Best, other: Best): Uint8Array {
  return Uint8Array.from(own.match, (match, tile) => (match >= 0 && other.match[match] === tile ? 1 : 0));
}
