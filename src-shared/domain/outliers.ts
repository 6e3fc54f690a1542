/**
 * @file Which of many scores stand out at the lower end: counted in robust spreads of these scores themselves, so that no score is good or bad as such.
 *
 * Source: Iglewicz & Hoaglin, "How to Detect and Handle Outliers", 1993: a score lies apart that is 3.5 spreads from the median, a spread being the
 * median deviation in units of a normal distribution. Among 10 to 200 normally distributed scores that finds something below in about 1 of 20 samples.
 */
import type { SimilarityMatrix } from "./cluster-order";

const spreadsApart = 3.5;
/** Of fewer scores it cannot be said what is usual among them. */
const fewestScores = 6;
/** Median and mean absolute deviation of a normal distribution, in standard deviations. */
const normal = { medianDeviation: 0.6745, meanDeviation: 0.7979 } as const;

/** Indices of the scores that lie far below the others, the lowest first; none among fewer than six. Scores of null are left out. */
export function lowOutliers(scores: readonly (number | null)[]): readonly number[] {
  if (!canStandOut(scores)) return [];
  const known = scores.filter((score) => score !== null);
  const middle = median(known);
  const deviations = known.map((score) => Math.abs(score - middle));
  // Where more than half of the scores are equal the median deviation is 0, and the mean one stands in for it.
  const spread = median(deviations) / normal.medianDeviation || mean(deviations) / normal.meanDeviation;
  const apart = [...scores.entries()].flatMap(([index, score]) =>
    score !== null && middle - score > spreadsApart * spread ? [{ index, score }] : [],
  );
  return apart.sort((a, b) => a.score - b.score || a.index - b.index).map(({ index }) => index);
}

/** Whether there are enough scores for one of them to be unusual. */
export function canStandOut(scores: readonly (number | null)[]): boolean {
  return scores.filter((score) => score !== null).length >= fewestScores;
}

/** The mean score of each picture with all others; null where it has none. */
export function meansWithOthers(similarities: SimilarityMatrix): readonly (number | null)[] {
  return similarities.map((row, own) => {
    const known = row.filter((score, other): score is number => other !== own && score !== null);
    return known.length === 0 ? null : mean(known);
  });
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

function median(numbers: readonly number[]): number {
  const ascending = [...numbers].sort((a, b) => a - b);
  const half = ascending.length >> 1;
  const upper = ascending[half] ?? 0;
  return ascending.length % 2 === 1 ? upper : ((ascending[half - 1] ?? 0) + upper) / 2;
}
