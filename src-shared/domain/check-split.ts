/** @file The split of a check: what becomes of each candidate under these settings. Everything that a person may change costs no measuring. */
import type { AssetId } from "./asset";
import type { CheckCombine, CheckResult, CheckVerdict, MeasuredCheck, ReferenceScores } from "./check";
import { type Calibration, calibrationOf, type Cutoffs } from "./check-calibration";
import { combinedScores } from "./check-combine";

/** `cutoffs` has one entry a measure, null for the suggested ones; `byHand` are verdicts of a person, which no cut-off overrules. */
export interface CheckSettings {
  readonly combine: CheckCombine;
  readonly cutoffs: readonly (Cutoffs | null)[];
  readonly byHand: ReadonlyMap<AssetId, CheckVerdict>;
}

/**
 * `candidate` is its place in the result; `scores` has one entry a measure. `nearest` is the place of the reference that the first measure finds
 * most alike. A near-copy is a near-duplicate of a reference.
 */
export interface CheckRow {
  readonly candidate: number;
  readonly scores: readonly (number | null)[];
  readonly verdict: CheckVerdict;
  readonly isByHand: boolean;
  readonly nearest: number | null;
  readonly isNearCopy: boolean;
}

/** `calibrations` and `cutoffs` (those in use; null where none is known) have one entry a measure. */
export interface CheckSplit {
  readonly rows: readonly CheckRow[];
  readonly counts: Readonly<Record<CheckVerdict, number>>;
  readonly calibrations: readonly Calibration[];
  readonly cutoffs: readonly (Cutoffs | null)[];
}

/**
 * Splits the candidates, best first: each is ranked by every measure, and its worst rank decides, so that scores of different measures never meet.
 * A candidate's verdict is the worst of its measures', see {@link jointVerdict}; without a score or a cut-off a measure leaves it undecided.
 */
export function splitCheck(result: CheckResult, { combine, cutoffs: given, byHand }: CheckSettings): CheckSplit {
  const weighed = result.measures.map((measured) => weigh(measured, combine));
  const calibrations = weighed.map(({ calibration }) => calibration);
  const cutoffs = calibrations.map(({ suggested }, index) => given[index] ?? suggested);
  const voteOf = (score: number | null, measure: number): MeasureVote => {
    const own = cutoffs[measure] ?? null;
    const isVague = own !== null && (given[measure] ?? null) === null && calibrations[measure]?.tellsApart === false;
    const verdict = verdictOf(score, own);
    return { verdict, isBetween: isVague && score !== null && verdict === "undecided" };
  };
  const rows = result.candidates.map(({ asset }, candidate): CheckRow => {
    const own = weighed.map(({ scores }) => scores[candidate] ?? null);
    const decided = byHand.get(asset.id);
    return {
      candidate,
      scores: own,
      verdict: decided ?? jointVerdict(own.map((score, measure) => voteOf(score, measure))),
      isByHand: decided !== undefined,
      nearest: highestOf(result.measures[0]?.candidates[candidate] ?? []),
      isNearCopy: (result.copies[candidate] ?? null) !== null,
    };
  });
  const counts = { accepted: 0, undecided: 0, rejected: 0 };
  for (const { verdict } of rows) counts[verdict] += 1;
  return {
    rows: bestFirst(
      rows,
      result,
      weighed.map(({ ranks }) => ranks),
    ),
    counts,
    calibrations,
    cutoffs,
  };
}

/** What a measure makes of its scores before anything is cut; `ranks` and `scores` are of the candidates. */
interface Weighed {
  readonly calibration: Calibration;
  readonly scores: readonly (number | null)[];
  readonly ranks: readonly number[];
}

/** Moving a cut-off asks for the same again many times a second. */
const known = new WeakMap<MeasuredCheck, Map<CheckCombine, Weighed>>();

function weigh(measured: MeasuredCheck, combine: CheckCombine): Weighed {
  const byCombine = known.get(measured) ?? new Map<CheckCombine, Weighed>();
  known.set(measured, byCombine);
  const before = byCombine.get(combine);
  if (before !== undefined) return before;
  const scores = combinedScores(measured, "candidates", combine);
  const weighed = { calibration: calibrationOf(measured, combine), scores, ranks: ranksOf(scores) };
  byCombine.set(combine, weighed);
  return weighed;
}

/** What one measure says of one score. */
export function verdictOf(score: number | null, cutoffs: Cutoffs | null): CheckVerdict {
  if (score === null || cutoffs === null) return "undecided";
  if (score >= cutoffs.accept) return "accepted";
  return score < cutoffs.reject ? "rejected" : "undecided";
}

/** `isBetween`: as good as the references, and as some impostors are. */
interface MeasureVote {
  readonly verdict: CheckVerdict;
  readonly isBetween: boolean;
}

/**
 * The worst verdict. A score that is as good as the references but not rare says nothing where another measure accepts: one measure that hardly any
 * impostor passes keeps impostors out, so that the others have only to find nothing wrong.
 */
function jointVerdict(votes: readonly MeasureVote[]): CheckVerdict {
  const verdicts = votes.map(({ verdict }) => verdict);
  if (verdicts.includes("rejected")) return "rejected";
  const isOpen = votes.some(({ verdict, isBetween }) => verdict === "undecided" && !isBetween);
  return !isOpen && verdicts.includes("accepted") ? "accepted" : "undecided";
}

/** For each score, how many are higher; no score ranks after all. */
function ranksOf(scores: readonly (number | null)[]): readonly number[] {
  const ranks = scores.map(() => scores.length);
  const known = scores.flatMap((score, index) => (score === null ? [] : [{ score, index }])).sort((a, b) => b.score - a.score);
  let rank = 0;
  for (const [place, { score, index }] of known.entries()) {
    if (score !== known[place - 1]?.score) rank = place;
    ranks[index] = rank;
  }
  return ranks;
}

function bestFirst(rows: readonly CheckRow[], result: CheckResult, ranks: readonly (readonly number[])[]): readonly CheckRow[] {
  const keyed = rows.map((row) => {
    const own = ranks.map((each) => each[row.candidate] ?? 0);
    return {
      row,
      worst: Math.max(...own),
      sum: own.reduce((sum, rank) => sum + rank, 0),
      id: result.candidates[row.candidate]?.asset.id ?? "",
    };
  });
  return keyed.sort((a, b) => a.worst - b.worst || a.sum - b.sum || (a.id < b.id ? -1 : 1)).map(({ row }) => row);
}

function highestOf(scores: ReferenceScores): number | null {
  let nearest: number | null = null;
  let highest = -Infinity;
  for (const [index, score] of scores.entries()) {
    if (score === null || score <= highest) continue;
    highest = score;
    nearest = index;
  }
  return nearest;
}
