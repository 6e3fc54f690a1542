/** @file Random pairs of a library: the yardstick that says how rare a score is among the person's own pictures. */
import { minimumPairs, scoreReachedBy, voteRarity } from "#shared/domain/rarity";
import { seededRandom } from "../../platform/seeded-random";

export const maximumPairs = 2000;
/** A suggested cut-off lets about this many pictures through by chance, within 1 in 100 (the vote's line) and 1 in 20. */
const chanceMatches = 8;
const widestRarity = 0.05;

/** Up to `limit` different unordered pairs of 0..count-1, the same ones for the same seed. All pairs when there are no more. */
export function samplePairs(count: number, limit: number, seed = 1): readonly (readonly [number, number])[] {
  const possible = (count * (count - 1)) / 2;
  if (possible <= limit) {
    return Array.from({ length: count }, (_, a) =>
      Array.from({ length: count - a - 1 }, (_unused, offset) => [a, a + 1 + offset] as const),
    ).flat();
  }
  const random = seededRandom(seed);
  const seen = new Set<number>();
  const pairs: (readonly [number, number])[] = [];
  while (pairs.length < limit) {
    const first = Math.floor(random() * count);
    const second = Math.floor(random() * count);
    const [a, b] = first < second ? [first, second] : [second, first];
    const key = a * count + b;
    if (a === b || seen.has(key)) continue;
    seen.add(key);
    pairs.push([a, b]);
  }
  return pairs;
}

/** Scores of random pairs, ready to be asked. */
export interface Yardstick {
  /** Ascending. */
  readonly scores: readonly number[];
  /** Share of the random pairs that score at least as high; null when there are too few pairs. */
  rarityOf(score: number): number | null;
  /** The score that 1 in 100 random pairs reaches; null when there are too few pairs. */
  readonly cutoff: number | null;
  /** Where to cut the answer of a library of `pictures`; null when there are too few pairs. */
  suggestedCutoff(pictures: number): number | null;
}

/** Builds the yardstick from the scores of random pairs. */
export function createYardstick(pairScores: readonly number[]): Yardstick {
  const scores = [...pairScores].sort((a, b) => a - b);
  return {
    scores,
    cutoff: scoreReachedBy(scores, voteRarity),
    suggestedCutoff: (pictures) => scoreReachedBy(scores, Math.min(widestRarity, Math.max(voteRarity, chanceMatches / pictures))),
    rarityOf: (score) => (scores.length < minimumPairs ? null : (scores.length - firstAtLeast(scores, score)) / scores.length),
  };
}

/** Index of the first number that is not below `score`, by halving. */
function firstAtLeast(ascending: readonly number[], score: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? Infinity) < score) low = middle + 1;
    else high = middle;
  }
  return low;
}
