/** @file A check as people read it: a verdict for each candidate, and how the cuts came about. */
import { basename } from "node:path";
import { errorRates } from "#shared/domain/check-calibration";
import { defined } from "#shared/lib/assert";
import { type CandidateDocument, checkDocument } from "../../../engine/report/check-document";
import { countsText, errorsText, shareText, standingText } from "../../../engine/report/check-words";
import type { FinishedCheck } from "../../../engine/report/finished-check";
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
    isGiven && cutoffs !== null ? errorsText(errorRates(calibration, cutoffs)) : standingText(calibration),
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
