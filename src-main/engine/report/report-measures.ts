/** @file The part of a report that tells what a measure went by: its cuts, every score as a matrix, and what the generation data did. */
import { basename } from "node:path";
import type { Calibration } from "#shared/domain/check-calibration";
import { type Drift, driftOf } from "#shared/domain/drift";
import { type GenerationField, type GenerationFieldKind, fieldValue, generationFields } from "#shared/domain/generation-field";
import type { Question } from "#shared/domain/model-card";
import { defined } from "#shared/lib/assert";
import { scoreText, standingText } from "./check-words";
import { type Html, html } from "./html";
import { groupsChart, histogramChart } from "./report-charts";
import { measureName, type ReportSource } from "./report-source";
import type { ScoreMatrix } from "./score-matrix";

/** With more, a table of all scores is for spreadsheets. */
const mostTableCells = 2000;
/** Of more fields a report would be about little else. */
const mostFields = 3;

/** Everything about one measure. `matrix` is null where there is no candidate. */
export function measureSection(source: ReportSource, index: number, matrix: ScoreMatrix | null): Html {
  const { check } = source;
  return html`<section>
    <h2>Scores by ${measureName(check, index)}</h2>
    ${calibrationPart(source, index)} ${matrix === null ? null : matrixPart(source, index, matrix)} ${generationParts(source, index)}
  </section>`;
}

function calibrationPart({ check, document }: ReportSource, index: number): Html {
  const calibration = defined(check.split.calibrations[index], "a calibration a measure");
  const { threshold, impostors } = defined(document.measures[index], "a measure");
  const candidates = check.split.rows.flatMap(({ scores }) => scores[index] ?? []);
  const cuts =
    threshold === null
      ? "No cut-off is known, so nothing was decided by this measure."
      : `Accepted from ${scoreText(threshold.accept)}, rejected below ${scoreText(threshold.reject)}, ${threshold.from === "given" ? "as set by hand" : "by calibration"}.`;
  const description = [
    `References against one another: ${spanText(calibration.genuine)}.`,
    `Impostors: ${spanText(calibration.impostors)}.`,
    `Candidates: ${spanText(candidates)}.`,
    cuts,
  ].join(" ");
  return html`<p>${cuts} ${standingText(calibration)}</p>
    <figure class="chart">
      ${histogramChart({ ...curvesOf(calibration), candidates, cutoffs: threshold, description })}
      <figcaption>
        Solid outline: ${calibration.genuine.length} references, each against the others. Dashed outline: ${impostors.count} impostors,
        pictures that are something else${bundledText(impostors.bundled)}. Ticks: ${candidates.length} candidates.
      </figcaption>
    </figure>
    ${impostors.nearest === null ? null : html`<p>The most alike impostor has ${scoreText(impostors.nearest.score)}: <bdi>${basename(impostors.nearest.path)}</bdi>. If it shows the same, it belongs to the references.</p>`}`;
}

function curvesOf({ genuine, impostors }: Calibration): Pick<Calibration, "genuine" | "impostors"> {
  return { genuine, impostors };
}

function bundledText(bundled: number): string {
  return bundled === 0 ? "" : `, ${bundled} of them from the sample library`;
}

function spanText(scores: readonly number[]): string {
  if (scores.length === 0) return "none";
  return `${scores.length}, from ${scoreText(scores.reduce((a, b) => Math.min(a, b)))} to ${scoreText(scores.reduce((a, b) => Math.max(a, b)))}`;
}

function matrixPart({ check: { result, split } }: ReportSource, index: number, { picture, ramp, range }: ScoreMatrix): Html {
  const { candidates } = defined(result.measures[index], "a measure");
  const height = Math.max(120, Math.min(480, result.references.length * 16));
  const isListed = split.rows.length * result.references.length <= mostTableCells;
  return html`<h3>Every candidate with every reference</h3>
    <figure class="chart">
      <img
        class="matrix"
        style="height: ${height}px"
        src="${picture}"
        alt="Scores of ${split.rows.length} candidates with ${result.references.length} references, from ${scoreText(range.min)} to ${scoreText(range.max)}. ${isListed ? "The numbers follow as a table." : "The numbers are in the table (CSV) of this check."}"
      />
      <figcaption>
        A row a reference, first on top; a column a candidate, best at the left. ${scoreText(range.min)}
        <img class="ramp" src="${ramp}" alt="dark to light" /> ${scoreText(range.max)}. White: no score.
      </figcaption>
    </figure>
    ${
      isListed
        ? html`<details>
            <summary>The numbers</summary>
            <div class="wide">
              <table>
                <caption>
                  Scores of candidates with references
                </caption>
                <thead>
                  <tr>
                    <th scope="col">Candidate</th>
                    ${result.references.map((_, place) => html`<th scope="col" class="number">${place + 1}</th>`)}
                  </tr>
                </thead>
                <tbody>
                  ${split.rows.map(
                    ({ candidate }) =>
                      html`<tr>
                        <th scope="row"><bdi>${basename(result.candidates[candidate]?.path ?? "")}</bdi></th>
                        ${(candidates[candidate] ?? []).map((score) => html`<td class="number">${scoreText(score)}</td>`)}
                      </tr>`,
                  )}
                </tbody>
              </table>
            </div>
          </details>`
        : null
    }`;
}

const fieldNames: Readonly<Record<GenerationFieldKind, string>> = {
  "lora-weight": "LoRA weight",
  epoch: "Epoch",
  steps: "Steps",
  cfg: "CFG scale",
  sampler: "Sampler",
  model: "Model",
  seed: "Seed",
};

function fieldName({ kind, of }: GenerationField): string {
  return of === null ? fieldNames[kind] : `${fieldNames[kind]} of ${of}`;
}

function generationParts({ check: { result, split } }: ReportSource, index: number): readonly Html[] {
  const generations = split.rows.map(({ candidate }) => result.candidates[candidate]?.generation ?? null);
  const { question } = defined(result.measures[index], "a measure");
  const accept = split.cutoffs[index]?.accept ?? null;
  return generationFields(generations)
    .slice(0, mostFields)
    .map((field) => {
      const points = split.rows.map(({ scores }, row) => ({
        value: fieldValue(generations[row] ?? null, field),
        score: scores[index] ?? null,
      }));
      return generationPart(fieldName(field), driftOf(points, accept), { accept, question });
    });
}

interface Asked {
  readonly accept: number | null;
  readonly question: Question;
}

function generationPart(name: string, drift: Drift, asked: Asked): Html {
  const finding = findingText(drift, asked.question);
  const without = drift.without === 0 ? "" : ` ${drift.without} of the candidates say nothing of it.`;
  return html`<h3>By ${name}</h3>
    <p>${finding}${without}</p>
    <figure class="chart">
      ${groupsChart({ groups: drift.groups, cutoff: asked.accept, description: `Scores by ${name}. ${finding} The numbers follow as a table.` })}
      <figcaption>
        Rings: candidates. Dots: means, with their intervals of 95 %.${asked.accept === null ? "" : " Dashed: the score to accept from."}
      </figcaption>
    </figure>
    <table>
      <thead>
        <tr>
          <th scope="col">${name}</th>
          <th scope="col" class="number">Candidates</th>
          <th scope="col" class="number">Mean</th>
          <th scope="col" class="number">95 % sure between</th>
        </tr>
      </thead>
      <tbody>
        ${drift.groups.map(
          ({ value, scores, mean, interval }) =>
            html`<tr>
              <th scope="row"><bdi>${value.text}</bdi></th>
              <td class="number">${scores.length}</td>
              <td class="number">${scoreText(mean)}</td>
              <td class="number">${interval === null ? "n/a" : `${scoreText(interval[0])} and ${scoreText(interval[1])}`}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
}

const subjects: Readonly<Record<Question, string>> = { style: "style", instance: "character", semantic: "subject" };

function findingText({ groups, finding }: Drift, question: Question): string {
  const valueAt = (place: number): string => groups.at(place)?.value.text ?? "";
  switch (finding.kind) {
    case "breaks":
      return `The ${subjects[question]} breaks between ${valueAt(finding.last)} and ${valueAt(finding.from)}.`;
    case "holds":
      return "Every mean reaches the cut-off.";
    case "below":
      return "No mean reaches the cut-off.";
    case "differs":
      return `${valueAt(0)} scores higher than ${valueAt(-1)}, by more than chance explains.`;
    case "unclear":
      return "There is no clear break at the cut-off.";
    case "no-difference":
      return "There is no clear difference between the values.";
    case "too-few":
      return "There are too few pictures of each value to say more.";
    case "no-cutoff":
      return "Without a cut-off nothing can be said to break.";
  }
}
