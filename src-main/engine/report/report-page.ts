/** @file A check as one page that needs nothing else: no network, no script, no file beside it. */
import type { BlindSpot } from "#shared/domain/model-card";
import type { CheckCombine } from "#shared/domain/check";
import { programVersion } from "../version";
import { countsText } from "./check-words";
import { type Html, html } from "./html";
import { measureSection } from "./report-measures";
import { candidatesTable, referencesTable, verdictMark } from "./report-pictures";
import { measureName, type ReportSource } from "./report-source";
import { reportStyle } from "./report-style";
import type { ScoreMatrix } from "./score-matrix";

/** The page; `matrices` has one entry a measure. */
export function reportPage(source: ReportSource, matrices: readonly (ScoreMatrix | null)[]): string {
  const { check, title, document } = source;
  // The style is this program's own text, and nothing in it is markup.
  const page = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'" />
      <meta name="generator" content="Semblance ${programVersion}" />
      <title>${title}</title>
      <style>
        ${reportStyle}
      </style>
    </head>
    <body>
      <header>
        <p class="dim">Consistency report, ${dateText(source.madeAt)}</p>
        <h1>${title}</h1>
        <ul class="counts">
          ${(["accepted", "undecided", "rejected"] as const).map((verdict) => html`<li><b>${document.counts[verdict]}</b><span class="verdict">${verdictMark(verdict)}</span></li>`)}
        </ul>
        <p>
          ${check.result.candidates.length} candidates were compared with ${check.result.references.length} references by
          ${check.result.measures.map((_, index) => measureName(check, index)).join(" and ")}. ${countsText(document.counts)}
        </p>
      </header>
      <main>
        <section>
          <h2>What this does not tell</h2>
          ${limits(source)}
        </section>
        <section>
          <h2>Candidates</h2>
          ${candidatesTable(source)}
        </section>
        <section>
          <h2>References</h2>
          ${referencesTable(source)}
        </section>
        ${matrices.map((matrix, index) => measureSection(source, index, matrix))} ${leftOut(source)}
        <section>
          <h2>How it was made</h2>
          ${settingsList(source)}
        </section>
      </main>
    </body>
  </html>`;
  return `<!doctype html>\n${page.text}\n`;
}

function dateText(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

const unseen: Readonly<Record<BlindSpot, string>> = {
  colour: "No measure of this check sees colour well: a change of colour alone may go unnoticed.",
};

function limits({ check }: ReportSource): Html {
  const { blindSpots, result, bundledImpostors } = check;
  const unknownRandom = result.measures.flatMap(({ random }, index) => (random.length === 0 ? [measureName(check, index)] : []));
  const isForeground = result.measures.some(({ measure }) => measure.area === "foreground");
  const notes = [
    ...blindSpots.map((spot) => unseen[spot]),
    ...(isForeground
      ? ["By the foreground, what stands behind the subject does not count. Where no mask was painted, the foreground is an estimate."]
      : []),
    ...(bundledImpostors > 0
      ? [
          `${bundledImpostors} of the pictures to tell apart from come with the program, because the library has too few. How rare a score is among your own pictures may differ.`,
        ]
      : []),
    ...(unknownRandom.length > 0 ? [`How random pairs of the library score is not known by ${unknownRandom.join(" and ")}.`] : []),
    "A score says how alike two pictures are to a measure. It does not say who made a picture, nor whether it is good.",
    "Undecided is an answer: there the evidence speaks both ways or neither way, and a person has to look.",
  ];
  return html`<ul class="plain">
    ${notes.map((note) => html`<li>${note}</li>`)}
  </ul>`;
}

function leftOut({ check: { result } }: ReportSource): Html | null {
  if (result.skipped.length === 0) return null;
  return html`<section>
    <h2>Left out</h2>
    <ul class="plain">
      ${result.skipped.map(({ reason }) => html`<li><bdi>${reason}</bdi></li>`)}
    </ul>
  </section>`;
}

const combinations: Readonly<Record<CheckCombine, string>> = {
  mean: "mean of all",
  max: "nearest reference",
  min: "farthest reference",
  harmonic: "harmonic mean",
  geometric: "geometric mean",
  centroid: "middle of the references",
};

function settingsList({ check: { result, settings, split }, madeAt }: ReportSource): Html {
  const entry = (name: string, value: string | number): Html =>
    html`<dt>${name}</dt>
      <dd>${value}</dd>`;
  return html`<dl>
      ${[
        entry("Program", `Semblance ${programVersion}`),
        entry("Made", dateText(madeAt)),
        entry("Device", result.device),
        entry("Several references", combinations[settings.combine]),
        entry("Decided by hand", split.rows.filter(({ isByHand }) => isByHand).length),
      ]}
    </dl>
    ${result.measures.map(
      ({ measure, modelName, recipe }) =>
        html`<h3>Recipe of ${measure.metric}, ${measure.area === "whole" ? "whole picture" : "foreground"}</h3>
          <dl>
            ${[
              ...(recipe.modelSha256 === ""
                ? []
                : [entry("Model", `${modelName} (${recipe.family})`), entry("Model SHA-256", recipe.modelSha256)]),
              entry("Features from", recipe.tap),
              entry("Picture size", recipe.imageSize),
              entry("Mode", recipe.mode),
              entry("Precision", recipe.precision),
              ...Object.entries(recipe.parameters).map(([name, value]) => entry(name, String(value))),
              entry("Version of the recipe", recipe.version),
            ]}
          </dl>`,
    )}`;
}
