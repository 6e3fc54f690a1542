/** @file The parts of a report that show pictures: the references, and every candidate with its verdict. */
import { basename } from "node:path";
import type { AssetId } from "#shared/domain/asset";
import type { CheckVerdict } from "#shared/domain/check";
import { leaveOneOut } from "#shared/domain/check-combine";
import { lowOutliers } from "#shared/domain/outliers";
import type { CandidateDocument } from "./check-document";
import { scoreText, shareText } from "./check-words";
import type { FinishedCheck } from "./finished-check";
import { type Html, html } from "./html";
import { measureName, type ReportSource, withoutSharedFolder } from "./report-source";

const signs: Readonly<Record<CheckVerdict, string>> = {
  accepted: "M2 8.5 6 12.5 14 3.5",
  undecided: "M3 8H13",
  rejected: "M3 3 13 13M13 3 3 13",
};

/** A verdict as a sign and a word. */
export function verdictMark(verdict: CheckVerdict): Html {
  const word = `${verdict.charAt(0).toUpperCase()}${verdict.slice(1)}`;
  return html`<span class="${verdict}"
    ><svg viewBox="0 0 16 16" aria-hidden="true"><path d="${signs[verdict]}" /></svg>${word}</span
  >`;
}

function picture({ pictures }: ReportSource, id: AssetId): Html {
  const source = pictures.get(id);
  return source === undefined ? html`<span class="gone">No picture</span>` : html`<img src="${source}" alt="" />`;
}

/** Each reference with its score against the others, and what came of it. */
export function referencesTable(source: ReportSource): Html {
  const { check } = source;
  const { result, split, settings } = check;
  const measures = result.measures.map((measured, index) => {
    const scores = leaveOneOut(measured, settings.combine);
    return { name: measureName(check, index), scores, apart: new Set(lowOutliers(scores)) };
  });
  const nearestTo = countsOf(split.rows.map(({ nearest }) => nearest));
  const copiesOf = countsOf(result.copies);
  return html`<table>
    <caption>
      Each reference is scored against the others. Nearest is said by ${measures[0]?.name ?? ""}.
    </caption>
    <thead>
      <tr>
        <th scope="col">Picture</th>
        <th scope="col">Reference</th>
        ${measures.map(({ name }) => html`<th scope="col" class="number">${name}</th>`)}
        <th scope="col" class="number">Nearest to</th>
        <th scope="col" class="number">Nearly copied by</th>
      </tr>
    </thead>
    <tbody>
      ${result.references.map(
        ({ asset, path }, index) =>
          html`<tr>
            <td class="picture">${picture(source, asset.id)}</td>
            <th scope="row">
              ${index + 1}.
              <bdi>${basename(path)}</bdi
              >${measures.some(({ apart }) => apart.has(index)) ? html`<span class="note">Unlike the other references: perhaps it does not belong to them.</span>` : null}
            </th>
            ${measures.map(({ scores }) => html`<td class="number">${scoreText(scores[index] ?? null)}</td>`)}
            <td class="number">${nearestTo.get(index) ?? 0}</td>
            <td class="number">${copiesOf.get(index) ?? 0}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function countsOf(places: readonly (number | null)[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const place of places) if (place !== null) counts.set(place, (counts.get(place) ?? 0) + 1);
  return counts;
}

/** Every candidate, best first within its verdict. */
export function candidatesTable(source: ReportSource): Html {
  const { check, document } = source;
  const shown = withoutSharedFolder(document.candidates.map(({ path }) => path));
  const places = new Map(document.references.map((path, index) => [path, index + 1]));
  const apart = apartOf(check);
  const names = check.result.measures.map((_, index) => measureName(check, index));
  const inOrder = (["accepted", "undecided", "rejected"] as const).flatMap((verdict) =>
    document.candidates.filter((candidate) => candidate.verdict === verdict),
  );
  return html`<div class="wide">
    <table>
      <caption>
        Best first within each verdict. Below a score: how many impostors, and how many random pairs of the library, score lower.
      </caption>
      <thead>
        <tr>
          <th scope="col">Picture</th>
          <th scope="col">File</th>
          <th scope="col">Verdict</th>
          ${names.map((name) => html`<th scope="col" class="number">${name}</th>`)}
          <th scope="col">Nearest reference</th>
        </tr>
      </thead>
      <tbody>
        ${inOrder.map(
          (candidate) =>
            html`<tr>
              <td class="picture">${picture(source, candidate.assetId)}</td>
              <th scope="row">
                <bdi>${shown(candidate.path)}</bdi
                >${apart.has(candidate.assetId) ? html`<span class="note">Unlike the other candidates</span>` : null}
              </th>
              <td class="verdict">${verdictMark(candidate.verdict)}${candidate.byHand ? html`<span class="note">by hand</span>` : null}</td>
              ${candidate.scores.map(scoreCell)}
              <td>
                ${candidate.nearestReference === null ? "n/a" : html`${places.get(candidate.nearestReference) ?? ""}. <bdi>${basename(candidate.nearestReference)}</bdi>`}${candidate.nearCopy ? html`<span class="note">Nearly equals a reference</span>` : null}
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function scoreCell({ score, aboveImpostors, aboveRandom }: CandidateDocument["scores"][number]): Html {
  const shares = [
    ...(aboveImpostors === null ? [] : [`${shareText(aboveImpostors)} of impostors`]),
    ...(aboveRandom === null ? [] : [`${shareText(aboveRandom)} of random pairs`]),
  ];
  return html`<td class="number">${scoreText(score)}${shares.map((share) => html`<span class="note">${share}</span>`)}</td>`;
}

/** Candidates whose scores lie far below those of the others, by any measure. */
function apartOf({ result, split }: FinishedCheck): ReadonlySet<AssetId | undefined> {
  const ids = split.rows.map(({ candidate }) => result.candidates[candidate]?.asset.id);
  return new Set(
    result.measures.flatMap((_, measure) =>
      lowOutliers(split.rows.map(({ scores }) => scores[measure] ?? null)).map((index) => ids[index]),
    ),
  );
}
