/** @file Whether two metrics that judged the same triplets really differ. */

/**
 * McNemar's exact test: how likely two equally good metrics would differ this much or more. `onlyA` and `onlyB` count the triplets that one alone
 * got right; the others say nothing. Two-sided binomial, summed in logarithms so that large counts do not underflow.
 * Source: McNemar 1947, "Note on the sampling error of the difference between correlated proportions or percentages".
 */
export function mcnemar(onlyA: number, onlyB: number): number {
  const trials = onlyA + onlyB;
  const fewer = Math.min(onlyA, onlyB);
  let logTerm = -trials * Math.LN2;
  let tail = 0;
  for (let successes = 0; successes <= fewer; successes += 1) {
    tail += Math.exp(logTerm);
    logTerm += Math.log((trials - successes) / (successes + 1));
  }
  return Math.min(1, 2 * tail);
}
