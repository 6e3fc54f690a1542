/**
 * @file Where to cut: from how alike the references are to one another, and how alike pictures are to them that are something else.
 *
 * [Note: Two cuts] A picture is accepted when it is as good as nearly all references and hardly any impostor is: it reaches both what 95 in 100
 * references reach and what at most 1 in 100 impostors reach. It is rejected when it reaches neither. Between the two cuts the evidence speaks
 * both ways (where references and impostors overlap) or neither way (where a gap lies between them), and a person decides. Nothing here
 * knows how high a score is: only shares of pictures are fixed.
 */
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
 * worst first: `nothing` (neither), `one-reference` (there is no leave-one-out, so cuts come from the rarity among impostors alone),
 * `few-references`, `few-impostors`.
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
}

/** At most this share of impostors reaches the cut. */
const impostorShare = 0.01;
/** The same for what is not rejected outright, where no reference can be left out to say what is usual. */
const doubtfulShare = 0.05;
/** At most this share of the references lies below the cut. */
const genuineShare = 0.05;
/** With fewer, even an outcome without an error leaves more than half of all errors possible (Wilson). */
const fewest = 4;
/** With fewer, no cut is reached by some but at most 1 in 100. */
const enoughImpostors = Math.round(1 / impostorShare);

/** Calibrates by combined scores of references left out in turn, and of impostors. */
export function calibrate(genuine: readonly number[], impostors: readonly number[]): Calibration {
  const sides = { genuine: ascending(genuine), impostors: ascending(impostors) };
  const suggested = suggestedCutoffs(sides);
  const rates = suggested === null ? { falseAccept: null, falseReject: null } : errorRates(sides, suggested);
  return { ...sides, suggested, ...rates, standing: standingOf(sides) };
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
  const usual = genuine[Math.floor(genuine.length * genuineShare)] ?? impostorCut(impostors, doubtfulShare);
  return { accept: Math.max(rare, usual), reject: Math.min(rare, usual) };
}

/** The lowest score that at most `share` of the impostors reaches. */
function impostorCut(impostors: readonly number[], share: number): number {
  const allowed = Math.floor(impostors.length * share);
  const refused = impostors.at(-1 - allowed) as number;
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
  const usual = genuine[Math.floor(genuine.length * genuineShare)] as number;
  return usual >= impostorCut(impostors, impostorShare) ? "separate" : "overlapping";
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
