/** @file Which tile of one picture each tile of another is most like: correspondence everywhere at once. */
import { dot, unit } from "../tensor/linear-algebra";
import { assertComparable, tileCount, tileVector } from "./feature-map";
import type { MaskedMap } from "./vector-rows";

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
  const [ofA, ofB] = [unitVectors(a), unitVectors(b)];
  const [bestOfA, bestOfB] = [noMatches(tileCount(a.map)), noMatches(tileCount(b.map))];
  for (const { tile: tileA, vector: vectorA } of ofA) {
    for (const { tile: tileB, vector: vectorB } of ofB) {
      const cosine = Math.fround(dot(vectorA, vectorB));
      offer(bestOfA, tileA, { tile: tileB, cosine });
      offer(bestOfB, tileB, { tile: tileA, cosine });
    }
  }
  return { a: { ...bestOfA, isMutual: mutual(bestOfA, bestOfB) }, b: { ...bestOfB, isMutual: mutual(bestOfB, bestOfA) } };
}

type Best = Pick<TileMatches, "match" | "cosine">;

interface TileVector {
  readonly tile: number;
  readonly vector: Float32Array;
}

/** The tiles that take part, their vectors at length one. */
function unitVectors({ map, mask }: MaskedMap): readonly TileVector[] {
  const tiles = Array.from({ length: tileCount(map) }, (_, tile) => ({ tile, vector: unit(tileVector(map, tile)) }));
  return mask === null ? tiles : tiles.filter(({ tile }) => mask[tile] !== 0);
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
