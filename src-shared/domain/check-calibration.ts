/**
 * @file Where to cut: from how alike the references are to one another, and how alike pictures are to them that are something else.
 *
 * [Note: Two cuts] A picture is accepted when it is as good as the references and better than hardly any impostor is: it reaches both what 95 in 100
 * pictures like the references reach and what at most 1 in 100 impostors reach. It is rejected when it reaches neither. Between the two cuts the
 * evidence speaks both ways (where references and impostors overlap) or neither way (where a gap lies between them), and a person decides.
 * Nothing here knows how high a score is: only shares of pictures are fixed.
 */
import { defined } from "../lib/assert";
import { wilsonInterval } from "../lib/wilson-interval";
import type { CheckCombine, MeasuredCheck } from "./check";
import { combinedScores, leaveOneOut } from "./check-combine";

/** `accept` and above is accepted, below `reject` is rejected; reject <= accept. */
export interface Cutoffs {
  readonly accept: number;
  readonly reject: number;
}

/** A share of errors in [0, 1] with its Wilson interval of 95 %. */
export interface ErrorRate {
  readonly rate: number;
  readonly interval: readonly [low: number, high: number];
}

/**
 * What can be concluded. `separate`: references and impostors lie apart; `overlapping`: they do not. The others say what there is too little of, the
 * worst first: `nothing` (neither), `one-reference` (there is no leave-one-out, so cuts come from impostors alone), `few-references` (the same for two, which have no
 * spread), `few-impostors`.
 */
export type CalibrationStanding = "separate" | "overlapping" | "few-references" | "one-reference" | "few-impostors" | "nothing";

/** `genuine` (a group of near-duplicates counts once) and `impostors` are ascending. Error rates are those of the suggested cuts; null where nothing is known. */
export interface Calibration {
  readonly genuine: readonly number[];
  readonly impostors: readonly number[];
  readonly suggested: Cutoffs | null;
  readonly falseAccept: ErrorRate | null;
  readonly falseReject: ErrorRate | null;
  readonly standing: CalibrationStanding;
  /** Whether hardly any impostor is as good as the references: the cut that keeps impostors out lies below the one that keeps references in. */
  readonly tellsApart: boolean;
}

/** At most this share of impostors reaches the cut. */
const impostorShare = 0.01;
/** At most this share of pictures like the references lies below the cut. */
const genuineShare = 0.05;
/** From so many references on, the cut is read off them; before that it is predicted from their spread. */
const enoughGenuine = Math.round(1 / genuineShare);
/** Student's t of one side at 95 %, from 2 degrees of freedom (3 references) to 18 (19 references). */
const studentT = [
  2.92, 2.353, 2.132, 2.015, 1.943, 1.895, 1.86, 1.833, 1.812, 1.796, 1.782, 1.771, 1.761, 1.753, 1.746, 1.74, 1.734,
] as const;
/** With fewer, even an outcome without an error leaves more than half of all errors possible (Wilson). */
const fewest = 4;
/** With fewer, no cut is reached by some but at most 1 in 100. */
const enoughImpostors = Math.round(1 / impostorShare);

/** Calibrates by combined scores of references left out in turn, and of impostors. */
export function calibrate(genuine: readonly number[], impostors: readonly number[]): Calibration {
  const sides = { genuine: ascending(genuine), impostors: ascending(impostors) };
  const suggested = suggestedCutoffs(sides);
  const rates = suggested === null ? { falseAccept: null, falseReject: null } : errorRates(sides, suggested);
  return { ...sides, suggested, ...rates, standing: standingOf(sides), tellsApart: tellsApart(sides) };
}

/** The calibration of one measure under one way to combine. */
export function calibrationOf(measured: MeasuredCheck, combine: CheckCombine): Calibration {
  const groups = new Map<number, number[]>();
  for (const [index, score] of leaveOneOut(measured, combine).entries()) {
    if (score === null) continue;
    const group = measured.groups[index] ?? index;
    groups.set(group, [...(groups.get(group) ?? []), score]);
  }
  const genuine = [...groups.values()].map((scores) => ascending(scores).reduce((sum, score) => sum + score, 0) / scores.length);
  const impostors = combinedScores(measured, "impostors", combine).filter((score) => score !== null);
  return calibrate(genuine, impostors);
}

type Sides = Pick<Calibration, "genuine" | "impostors">;

/** The share of impostors that would be accepted and of references that would be rejected by these cuts. */
export function errorRates({ genuine, impostors }: Sides, { accept, reject }: Cutoffs): Pick<Calibration, "falseAccept" | "falseReject"> {
  return {
    falseAccept: rateOf(impostors.length - countBelow(impostors, accept), impostors.length),
    falseReject: rateOf(countBelow(genuine, reject), genuine.length),
  };
}

/** Share of `scores` (ascending) that lie below `score`; null where there are none. */
export function shareBelow(scores: readonly number[], score: number): number | null {
  return scores.length === 0 ? null : countBelow(scores, score) / scores.length;
}

function suggestedCutoffs({ genuine, impostors }: Sides): Cutoffs | null {
  if (impostors.length < fewest) return null;
  const rare = impostorCut(impostors, impostorShare);
  const usual = usualCut({ genuine, impostors });
  return { accept: Math.max(rare, usual), reject: Math.min(rare, usual) };
}

/**
 * What pictures like the references reach. Where they have no spread, all that is known is that they are no less alike than something else: what all
 * but `genuineShare` of the impostors reach, they do too.
 */
function usualCut({ genuine, impostors }: Sides): number {
  return genuineCut(genuine) ?? Math.min(genuine[0] ?? Infinity, impostorCut(impostors, 1 - genuineShare));
}

/**
 * What all but `genuineShare` of pictures like the references reach; null for fewer than three references, which have no spread. Few references are
 * seldom their own worst, so for them it is the prediction bound of one further score, mean - t * deviation * sqrt(1 + 1 / n), and no reference
 * lies below it. Source: Hahn and Meeker, "Statistical Intervals", 1991, 4.6.
 */
function genuineCut(genuine: readonly number[]): number | null {
  const count = genuine.length;
  if (count >= enoughGenuine) return defined(genuine[Math.floor(count * genuineShare)], "a share of them is one of them");
  const t = studentT[count - 3];
  const lowest = genuine[0];
  if (t === undefined || lowest === undefined) return null;
  const mean = genuine.reduce((sum, score) => sum + score, 0) / count;
  const variance = genuine.reduce((sum, score) => sum + (score - mean) ** 2, 0) / (count - 1);
  return Math.min(lowest, mean - t * Math.sqrt(variance * (1 + 1 / count)));
}

/** The lowest score that at most `share` of the impostors reaches. */
function impostorCut(impostors: readonly number[], share: number): number {
  const allowed = Math.floor(impostors.length * share);
  const refused = defined(impostors.at(-1 - allowed), "fewer than all are allowed");
  return impostors.find((score) => score > refused) ?? justAbove(refused);
}

function justAbove(score: number): number {
  return score + Math.max(Number.MIN_VALUE, Math.abs(score) * Number.EPSILON);
}

function standingOf({ genuine, impostors }: Sides): CalibrationStanding {
  if (genuine.length === 0) return impostors.length < fewest ? "nothing" : "one-reference";
  if (impostors.length < fewest) return "few-impostors";
  if (genuine.length < fewest) return "few-references";
  if (impostors.length < enoughImpostors) return "few-impostors";
  return tellsApart({ genuine, impostors }) ? "separate" : "overlapping";
}

function tellsApart(sides: Sides): boolean {
  return sides.impostors.length >= fewest && usualCut(sides) >= impostorCut(sides.impostors, impostorShare);
}

function rateOf(errors: number, total: number): ErrorRate | null {
  return total === 0 ? null : { rate: errors / total, interval: wilsonInterval(errors, total) };
}

function ascending(scores: readonly number[]): readonly number[] {
  return [...scores].sort((a, b) => a - b);
}

/** How many of `scores` (ascending) lie below `score`, by halving. */
function countBelow(scores: readonly number[], score: number): number {
  let low = 0;
  let high = scores.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((scores[middle] ?? Infinity) < score) low = middle + 1;
    else high = middle;
  }
  return low;
}
