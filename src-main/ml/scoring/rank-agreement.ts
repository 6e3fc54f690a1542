/** @file How far two scorings of the same things agree about their order. */

/** Indices of the scores, best first; equal ones in their order. */
export function ranking(scores: readonly number[]): readonly number[] {
  return scores.map((_, index) => index).sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b);
}

/**
 * Kendall's tau-a between `exact` and `other` among the `best` things by `exact`: (concordant - discordant) / pairs. 1 for fewer than two things.
 * Source: Kendall, "A New Measure of Rank Correlation", Biometrika 30, 1938.
 */
export function kendallTau(exact: readonly number[], other: readonly number[], best: number = exact.length): number {
  const chosen = ranking(exact).slice(0, best);
  let agreement = 0;
  for (const [place, a] of chosen.entries()) {
    for (const b of chosen.slice(place + 1)) {
      agreement += Math.sign((exact[a] as number) - (exact[b] as number)) * Math.sign((other[a] as number) - (other[b] as number));
    }
  }
  const pairs = (chosen.length * (chosen.length - 1)) / 2;
  return pairs === 0 ? 1 : agreement / pairs;
}

/** Share of the `wanted` best by `exact` that are among the `found` best by `other`. 1 where there is nothing to find. */
export function topRecall(
  exact: readonly number[],
  other: readonly number[],
  { wanted, found }: { readonly wanted: number; readonly found: number },
): number {
  const sought = ranking(exact).slice(0, wanted);
  const among = new Set(ranking(other).slice(0, found));
  return sought.length === 0 ? 1 : sought.filter((index) => among.has(index)).length / sought.length;
}
