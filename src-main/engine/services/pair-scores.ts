/** @file Every pair of measured pictures, once. */
import { assert, defined } from "#shared/lib/assert";
import type { ImageFeatures } from "../../ml/metrics/metric";
import type { FeatureShelf } from "./feature-shelf";

/** A picture on the shelf. */
export interface ShelvedPicture {
  readonly index: number;
  readonly features: ImageFeatures;
}

/** Scores of one picture with others. */
export type RowScorer<Score> = (query: ShelvedPicture, targets: readonly ShelvedPicture[]) => Promise<readonly Score[]>;

/** Pairs scored in one go; the answer of each holds its maps. */
const pairsAtOnce = 64;

/** How many pairs `count` pictures make, each with itself too. */
export function pairsOf(count: number): number {
  return (count * (count + 1)) / 2;
}

/**
 * Scores all pairs, each picture with itself too, block by block, so that features on the disk are read as seldom as memory allows. Yields how many
 * are done. @returns `scores[i][j]` of pictures i and j, the same both ways round
 */
export async function* scoreAllPairs<Score>(shelf: FeatureShelf, scoreRow: RowScorer<Score>): AsyncGenerator<number, Score[][], undefined> {
  const scores = Array.from({ length: shelf.count }, (): Score[] => []);
  const blocks = shelf.blocks();
  let done = 0;
  for (const [i, block] of blocks.entries()) {
    const queries = await load(shelf, block);
    for (const later of blocks.slice(i)) {
      const targets = later === block ? queries : await load(shelf, later);
      for (const query of queries) {
        const row = targets.filter(({ index }) => index >= query.index);
        for (let start = 0; start < row.length; start += pairsAtOnce) {
          const chunk = row.slice(start, start + pairsAtOnce);
          const found = await scoreRow(query, chunk);
          assert(found.length === chunk.length, "a score a target");
          for (const [k, score] of found.entries()) setBoth(scores, [query.index, defined(chunk[k], "its target").index], score);
          yield (done += chunk.length);
        }
      }
    }
  }
  return scores;
}

async function load(shelf: FeatureShelf, [start, end]: readonly [number, number]): Promise<readonly ShelvedPicture[]> {
  const loaded: ShelvedPicture[] = [];
  for (let index = start; index < end; index++) loaded.push({ index, features: await shelf.get(index) });
  return loaded;
}

function setBoth<Score>(scores: Score[][], [i, j]: readonly [number, number], score: Score): void {
  defined(scores[i], "a row a picture")[j] = score;
  defined(scores[j], "a row a picture")[i] = score;
}
