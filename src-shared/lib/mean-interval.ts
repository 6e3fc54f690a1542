/** @file How sure a mean is that was taken over few numbers. */

/** Two-sided 95 %: the normal quantile. */
const z = 1.959963984540054;

/**
 * The mean of normally distributed numbers with its interval of 95 % by Student's t; null where one number says nothing about the spread.
 * At least one number. Source: Student 1908, "The probable error of a mean".
 */
export function meanInterval(numbers: readonly number[]): {
  readonly mean: number;
  readonly interval: readonly [low: number, high: number] | null;
} {
  const count = numbers.length;
  const mean = numbers.reduce((sum, number) => sum + number, 0) / count;
  if (count < 2) return { mean, interval: null };
  const variance = numbers.reduce((sum, number) => sum + (number - mean) ** 2, 0) / (count - 1);
  const half = studentQuantile(count - 1) * Math.sqrt(variance / count);
  return { mean, interval: [mean - half, mean + half] };
}

/**
 * What Student's t with this many degrees of freedom exceeds in either direction in 5 of 100 cases. Exact for one and two degrees, beyond that
 * within 0.2 %: Abramowitz & Stegun, "Handbook of Mathematical Functions", 26.7.5.
 */
export function studentQuantile(degrees: number): number {
  const share = 0.95;
  if (degrees === 1) return Math.tan((share * Math.PI) / 2);
  if (degrees === 2) return share * Math.sqrt(2 / (1 - share ** 2));
  const terms = [
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92_160,
  ];
  return terms.reduce((sum, term, power) => sum + term / degrees ** (power + 1), z);
}
