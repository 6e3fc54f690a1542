/** @file How rare a score is among random pairs of a library: the shares that decide, and below how many pairs nothing is said. */

/** Below this many pairs a rarity would be a guess. */
export const minimumPairs = 200;

/** A metric says yes to scores that are rarer than this. */
export const voteRarity = 0.01;

/** The score that this share of the pairs reaches, of scores in ascending order; null when there are too few pairs. */
export function scoreReachedBy(ascending: readonly number[], share: number): number | null {
  return ascending.length < minimumPairs ? null : (ascending[Math.ceil(ascending.length * (1 - share))] ?? null);
}
