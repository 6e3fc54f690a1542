/**
 * @file One score of a picture out of its scores against every reference.
 *
 * Near-duplicates among the references count as one: scores are combined within each group of them first, then over the groups. Sums run over
 * scores in their order, so that the order of files changes no bit of the result.
 */
import type { CheckCombine, MeasuredCheck, ReferenceScores } from "./check";

/**
 * Combines scores against several references; those that are null are left out, and null is the answer where all are.
 *
 *   harmonic, geometric   of (1 + s) / 2, mapped back, so that min <= harmonic <= geometric <= mean <= max holds for cosines
 *   centroid              `centroid` itself, the score against the middle of the references
 */
export function combineReferences(scores: ReferenceScores, combine: CheckCombine, centroid: number | null): number | null {
  if (combine === "centroid") return centroid;
  const known = Float64Array.from(scores.filter((score) => score !== null)).sort();
  const lowest = known[0];
  const highest = known.at(-1);
  if (lowest === undefined || highest === undefined) return null;
  // The mean of equal numbers is that number; rounding must not take it further.
  return Math.min(highest, Math.max(lowest, middleOf(known, combine)));
}

/** The middle of scores in ascending order. */
function middleOf(ascending: Float64Array, combine: Exclude<CheckCombine, "centroid">): number {
  switch (combine) {
    case "min":
      return -Infinity;
    case "max":
      return Infinity;
    case "mean":
      return meanOf(ascending, (score) => score);
    case "geometric":
      return 2 * Math.exp(meanOf(ascending, (score) => Math.log(shareOf(score)))) - 1;
    case "harmonic":
      return 2 / meanOf(ascending, (score) => 1 / shareOf(score)) - 1;
  }
}

/** A cosine as a number in [0, 1]. */
function shareOf(score: number): number {
  return Math.max(0, (1 + score) / 2);
}

function meanOf(scores: Float64Array, termOf: (score: number) => number): number {
  let sum = 0;
  for (const score of scores) sum += termOf(score);
  return sum / scores.length;
}

/** The combined score of each candidate, or of each impostor. */
export function combinedScores(
  measured: MeasuredCheck,
  pictures: "candidates" | "impostors",
  combine: CheckCombine,
): readonly (number | null)[] {
  const places = groupPlaces(measured);
  const centroids = measured.centroid?.[pictures];
  return measured[pictures].map((scores, index) => combineGroups(scores, { places, combine, centroid: centroids?.[index] ?? null }));
}

/** Each reference against the others that are no near-duplicates of it; null where there is none. */
export function leaveOneOut(measured: MeasuredCheck, combine: CheckCombine): readonly (number | null)[] {
  const { groups, references, centroid } = measured;
  const places = groupPlaces(measured);
  return references.map((scores, index) => {
    const others = scores.map((score, other) => (groups[other] === groups[index] ? null : score));
    return combineGroups(others, { places, combine, centroid: centroid?.references[index] ?? null });
  });
}

/** The places of each group's references; null where every reference is its own group. */
function groupPlaces({ groups }: MeasuredCheck): readonly (readonly number[])[] | null {
  const places = new Map<number, number[]>();
  for (const [place, group] of groups.entries()) places.set(group, [...(places.get(group) ?? []), place]);
  return places.size === groups.length ? null : [...places.values()];
}

interface Grouping {
  readonly places: readonly (readonly number[])[] | null;
  readonly combine: CheckCombine;
  readonly centroid: number | null;
}

function combineGroups(scores: ReferenceScores, { places, combine, centroid }: Grouping): number | null {
  if (places === null) return combineReferences(scores, combine, centroid);
  const each = places.map((members) =>
    combineReferences(
      members.map((place) => scores[place] ?? null),
      combine,
      centroid,
    ),
  );
  return combineReferences(each, combine, centroid);
}
