/** @file How rare a score is among random pairs of a library: the shares that decide, and below how many pairs nothing is said. */

/** Below this many pairs a rarity would be a guess. */
export const minimumPairs = 200;

/** A metric says yes to scores that are rarer than this. */
export const voteRarity = 0.01;
