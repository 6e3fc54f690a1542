/** @file How sure a share is that was counted. */

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
  // The ends of none and of all are exact, whatever is rounded on the way.
  return [correct === 0 ? 0 : (centre - half) / spread, correct === total ? 1 : (centre + half) / spread];
}
