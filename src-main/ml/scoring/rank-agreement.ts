/** @file How far two scorings of the same things agree about their order. */

/**
 * Kendall's tau-a between `exact` and `other` among the `best` things by `exact`: (concordant - discordant) / pairs. 1 for fewer than two things.
 * Source: Kendall, "A New Measure of Rank Correlation", Biometrika 30, 1938.
 */
export function kendallTau(exact: readonly number[], other: readonly number[], best: number = exact.length): number {
  const bestFirst = exact.map((_, index) => index).sort((a, b) => (exact[b] as number) - (exact[a] as number) || a - b);
  const chosen = bestFirst.slice(0, best);
  let agreement = 0;
  for (const [place, a] of chosen.entries()) {
    for (const b of chosen.slice(place + 1)) {
      agreement += Math.sign((exact[a] as number) - (exact[b] as number)) * Math.sign((other[a] as number) - (other[b] as number));
    }
  }
  const pairs = (chosen.length * (chosen.length - 1)) / 2;
  return pairs === 0 ? 1 : agreement / pairs;
}
