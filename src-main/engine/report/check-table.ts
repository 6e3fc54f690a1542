/** @file A check as a table for spreadsheets: a row a file, each score raw and among yardsticks, and every reference apart. */
import { formatCsv } from "../../data/datasets/csv";
import { checkDocument } from "./check-document";
import type { FinishedCheck } from "./finished-check";
import { measureName } from "./report-source";

/** Text with a heading; what is not known is empty. */
export function checkCsv(check: FinishedCheck): string {
  const { result } = check;
  const { candidates } = checkDocument(check);
  const places = new Map(result.candidates.map(({ asset }, place) => [asset.id, place]));
  const headings = result.measures.flatMap((_, index) => {
    const name = measureName(check, index);
    return [name, `${name}: impostors below`, `${name}: random pairs below`];
  });
  const singles = result.measures.flatMap((_, index) =>
    result.references.map((_reference, place) => `${measureName(check, index)}: reference ${place + 1}`),
  );
  return formatCsv([
    ["file", "asset", "verdict", "by hand", ...headings, "nearest reference", "near copy", ...singles],
    ...candidates.map(({ path, assetId, verdict, byHand, scores, nearestReference, nearCopy }) => [
      path,
      assetId,
      verdict,
      String(byHand),
      ...scores.flatMap(({ score, aboveImpostors, aboveRandom }) => [score ?? "", aboveImpostors ?? "", aboveRandom ?? ""]),
      nearestReference ?? "",
      String(nearCopy),
      ...result.measures.flatMap((measured) =>
        result.references.map((_, place) => measured.candidates[places.get(assetId) ?? -1]?.[place] ?? ""),
      ),
    ]),
  ]);
}
