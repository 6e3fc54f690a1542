/**
 * @file How likeness changes with a value of the generation data: the mean score of the pictures of each value, how sure it is, and from which value
 * on it lies below the cut-off.
 */
import { meanInterval } from "../lib/mean-interval";
import type { FieldValue } from "./generation-field";

/** A picture by its value, null where it has none, and its combined score. */
export interface DriftPoint {
  readonly value: FieldValue | null;
  readonly score: number | null;
}

/** Pictures of one value: `members` are their places among the points, `scores` theirs. `interval` is that of the mean, of 95 %; null for one picture. */
export interface DriftGroup {
  readonly value: FieldValue;
  readonly members: readonly number[];
  readonly scores: readonly number[];
  readonly mean: number;
  readonly interval: readonly [low: number, high: number] | null;
}

/**
 * What can be said, with places in `groups`. Of numbers: `breaks` (the mean reaches the cut-off at `last`, and from `from` on it no longer does, which
 * is sure at `from`), `holds` (every mean reaches it), `below` (none does, one surely), `unclear` (none of these), `no-cutoff`. Of names: `differs` (one is
 * surely better than another), `no-difference`. Of either: `too-few` (no two values have two pictures).
 */
export type DriftFinding =
  | { readonly kind: "breaks"; readonly last: number; readonly from: number }
  | { readonly kind: "holds" | "below" | "unclear" | "differs" | "no-difference" | "too-few" | "no-cutoff" };

/** `groups` are ordered by their number, or best first where values are names; `without` counts the scored pictures that have no value. */
export interface Drift {
  readonly groups: readonly DriftGroup[];
  readonly without: number;
  readonly finding: DriftFinding;
}

/** Groups pictures by their values and says what the means show; `accept` is the cut-off in use. */
export function driftOf(points: readonly DriftPoint[], accept: number | null): Drift {
  const groups = [...groupedBy(points).values()].map(groupOf).sort(inOrder);
  const without = points.filter(({ value, score }) => value === null && score !== null).length;
  const isNumbered = groups.every(({ value }) => value.number !== null);
  return { groups, without, finding: isNumbered ? findingOfNumbers(groups, accept) : findingOfNames(groups) };
}

interface Gathered {
  readonly value: FieldValue;
  readonly members: number[];
  readonly scores: number[];
}

function groupedBy(points: readonly DriftPoint[]): ReadonlyMap<string, Gathered> {
  const groups = new Map<string, Gathered>();
  for (const [index, { value, score }] of points.entries()) {
    if (value === null || score === null) continue;
    const group = groups.get(value.text) ?? { value, members: [], scores: [] };
    group.members.push(index);
    group.scores.push(score);
    groups.set(value.text, group);
  }
  return groups;
}

function groupOf({ value, members, scores }: Gathered): DriftGroup {
  return { value, members, scores, ...meanInterval(scores) };
}

function inOrder(a: DriftGroup, b: DriftGroup): number {
  if (a.value.number !== null && b.value.number !== null) return a.value.number - b.value.number;
  return b.mean - a.mean || (a.value.text < b.value.text ? -1 : 1);
}

/** Whether two values have a spread: with less, nothing is more than a guess. */
function hasSpread(groups: readonly DriftGroup[]): boolean {
  return groups.filter(({ interval }) => interval !== null).length >= 2;
}

function findingOfNumbers(groups: readonly DriftGroup[], accept: number | null): DriftFinding {
  if (!hasSpread(groups)) return { kind: "too-few" };
  if (accept === null) return { kind: "no-cutoff" };
  const reaches = groups.map(({ mean }) => mean >= accept);
  const isSurelyBelow = ({ interval }: DriftGroup): boolean => interval !== null && interval[1] < accept;
  if (reaches.every(Boolean)) return { kind: "holds" };
  const last = reaches.lastIndexOf(true);
  if (last === -1) return { kind: groups.some(isSurelyBelow) ? "below" : "unclear" };
  const from = groups.findIndex((group, index) => index > last && isSurelyBelow(group));
  return from === -1 ? { kind: "unclear" } : { kind: "breaks", last, from };
}

function findingOfNames(groups: readonly DriftGroup[]): DriftFinding {
  if (!hasSpread(groups)) return { kind: "too-few" };
  const sure = groups.flatMap(({ interval }) => (interval === null ? [] : [interval]));
  const isApart = sure.some(([low]) => sure.some(([, high]) => low > high));
  return { kind: isApart ? "differs" : "no-difference" };
}
