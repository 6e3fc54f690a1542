/** @file A check as people read it: a verdict for each candidate, and how the cuts came about. */
import { basename } from "node:path";
import type { Calibration, ErrorRate } from "#shared/domain/check-calibration";
import type { CheckVerdict } from "#shared/domain/check";
import { defined } from "#shared/lib/assert";
import { type CandidateDocument, checkDocument } from "../commands/check-document";
import type { FinishedCheck } from "../commands/check-run";
import { printable, scoreText, table } from "./table";
import { textHistogram } from "./text-histogram";

/** The whole answer: the table, the calibration of each measure, the sum. */
export function checkText(check: FinishedCheck): string {
  const { candidates, counts } = checkDocument(check);
  return [
    candidatesTable(check, candidates),
    ...check.result.measures.map((_, index) => calibrationText(check, index)),
    countsText(counts),
  ].join("\n\n");
}

function candidatesTable({ result }: FinishedCheck, candidates: readonly CandidateDocument[]): string {
  const headings = result.measures.flatMap(({ measure }) => [
    measure.area === "whole" ? measure.metric : `${measure.metric} (foreground)`,
    "impostors below",
    "random below",
  ]);
  const rows = candidates.map(({ verdict, byHand, scores, nearestReference, nearCopy, path }) => [
    byHand ? `${verdict} by hand` : verdict,
    ...scores.flatMap(({ score, aboveImpostors, aboveRandom }) => [scoreText(score), shareText(aboveImpostors), shareText(aboveRandom)]),
    nearestReference === null ? "n/a" : `${basename(nearestReference)}${nearCopy ? " (near-copy)" : ""}`,
    path,
  ]);
  return table(["verdict", ...headings, "nearest reference", "file"], rows);
}

/** A share as a percentage that is 100 % only where it is all. */
export function shareText(share: number | null): string {
  if (share === null) return "n/a";
  return share === 1 ? "100 %" : `${(Math.floor(share * 1000) / 10).toFixed(1)} %`;
}

/** `2 accepted, 1 undecided, 0 rejected.` */
export function countsText({ accepted, undecided, rejected }: Readonly<Record<CheckVerdict, number>>): string {
  return `${accepted} accepted, ${undecided} undecided, ${rejected} rejected.`;
}

/** What one measure goes by: its cuts, the two distributions, and what can be concluded from them. */
export function calibrationText(check: FinishedCheck, index: number): string {
  const { result, split, settings, nearestImpostors, bundledImpostors, blindSpots } = check;
  const { measure } = defined(result.measures[index], "a measure");
  const calibration = defined(split.calibrations[index], "a calibration a measure");
  const cutoffs = split.cutoffs[index] ?? null;
  const isGiven = (settings.cutoffs[index] ?? null) !== null;
  const nearest = nearestImpostors[index] ?? null;
  const candidates = split.rows.flatMap(({ scores }) => scores[index] ?? []);
  const marks = cutoffs === null ? [] : [{ letter: "R", value: cutoffs.reject }, { letter: "A", value: cutoffs.accept }]; // prettier-ignore
  const { length } = calibration.impostors;
  const bundled = bundledImpostors === 0 ? "" : ` (${bundledImpostors === length ? "all" : bundledImpostors} from the sample library)`;
  return [
    cutoffs === null
      ? `${measure.metric}: no cut-off is known.`
      : `${measure.metric}: accepted from ${scoreText(cutoffs.accept)} (A), rejected below ${scoreText(cutoffs.reject)} (R), ${isGiven ? "as given" : "by calibration"}.`,
    textHistogram(
      [
        { label: "references", values: calibration.genuine },
        { label: "impostors", values: calibration.impostors },
        { label: "candidates", values: candidates },
      ],
      marks,
    ),
    standingText(calibration),
    ...(nearest === null
      ? []
      : [
          `The most alike of ${length} impostors${bundled} has ${scoreText(nearest.score)}: ${printable(nearest.path)}. If it shows the same, name it among the references.`,
        ]),
    ...(index === 0 && blindSpots.includes("colour")
      ? [`${measure.metric} hardly sees colour; add --metric ${measure.metric},colour to see it.`]
      : []),
  ].join("\n");
}

/** What can be concluded, in a sentence. */
function standingText({ standing, falseAccept, falseReject }: Calibration): string {
  const errors = `Of pictures that are something else ${mostText(falseAccept)} would be accepted, of good ones ${mostText(falseReject)} rejected.`;
  switch (standing) {
    case "separate":
      return `References and impostors lie apart; what lies between them is undecided. ${errors}`;
    case "overlapping":
      return `Some impostors are as alike as references may be; what both reach is undecided. ${errors}`;
    case "few-references":
      return `So few references tell little about how much good pictures differ. ${errors}`;
    case "few-impostors":
      return "There are too few pictures of something else to say how rare a score is; add folders to the library.";
    case "one-reference":
      return "One reference says nothing of how much good pictures differ. Accepted is what at most 1 in 100 impostors reaches, rejected only what is less alike than 95 in 100 of them.";
    case "nothing":
      return "There is nothing to compare with: one reference, and no pictures of something else.";
  }
}

function mostText(rate: ErrorRate | null): string {
  return rate === null ? "nobody knows how many" : `at most ${(rate.interval[1] * 100).toFixed(1)} %`;
}
