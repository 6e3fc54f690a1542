/** @file How sure a share of right answers is, and whether two metrics that judged the same triplets really differ. */

/** Two-sided 95 %. */
const z = 1.959963984540054;

/**
 * The Wilson interval of a share, both ends in [0, 1]; all of it where nothing was counted.
 * Source: Wilson 1927, "Probable inference, the law of succession, and statistical inference".
 */
export function wilsonInterval(correct: number, total: number): readonly [low: number, high: number] {
  if (total === 0) return [0, 1];
  const share = correct / total;
  const spread = 1 + (z * z) / total;
  const centre = share + (z * z) / (2 * total);
  const half = z * Math.sqrt((share * (1 - share)) / total + (z * z) / (4 * total * total));
  return [Math.max(0, (centre - half) / spread), Math.min(1, (centre + half) / spread)];
}

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
