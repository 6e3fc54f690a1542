/** @file Charts of a report as drawings that need no script: told apart by outline and dash, so that they also are in grey. */
import type { Cutoffs } from "#shared/domain/check-calibration";
import type { DriftGroup } from "#shared/domain/drift";
import { densityPath } from "#shared/lib/density-path";
import { binCounts, normalizedToPeak, smoothCounts } from "#shared/lib/histogram";
import { positionIn, rangeOf, type ValueRange, widenTo } from "#shared/lib/value-range";
import { type Html, html } from "./html";
import { scoreText } from "./check-words";

const width = 720;
const bins = 120;

export interface HistogramParts {
  readonly genuine: readonly number[];
  readonly impostors: readonly number[];
  readonly candidates: readonly number[];
  readonly cutoffs: Cutoffs | null;
  /** The chart in words. */
  readonly description: string;
}

/** References and impostors as curves over one axis, each as high as its own peak; candidates as ticks below, cut-offs as lines across. */
export function histogramChart({ genuine, impostors, candidates, cutoffs, description }: HistogramParts): Html {
  const height = 150;
  const plot = { width, height: 118 };
  const range = widenTo(rangeOf(genuine, impostors, candidates, cutoffs === null ? [] : [cutoffs.reject, cutoffs.accept]), 0.1);
  const curve = (values: readonly number[]): string =>
    `${densityPath(normalizedToPeak(smoothCounts(binCounts(values, range, bins), 2)), plot, 0.72)}Z`;
  const x = (value: number): string => (positionIn(value, range) * width).toFixed(1);
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${description}">
    <path class="impostors" d="${curve(impostors)}" />
    <path class="references" d="${curve(genuine)}" />
    <path class="ticks" d="${candidates.map((value) => `M${x(value)} ${plot.height + 1}v7`).join("")}" />
    <path class="line" d="M0 ${plot.height}H${width}" />
    ${axisTicks(range).map((value, index, { length }) => html`<text class="small" x="${x(value)}" y="${height - 6}" text-anchor="${index === 0 ? "start" : index === length - 1 ? "end" : "middle"}">${value}</text>`)}
    ${cutoffs === null ? null : [cutLine("Rejected below", cutoffs.reject, { range, side: "left" }), cutLine("Accepted from", cutoffs.accept, { range, side: "right" })]}
  </svg>`;
}

/** About what the words of a cut take, in units of the drawing. */
const cutRoom = 150;

/** The lower cut is named to its left and the upper one to its right; inside the drawing in either case, and then on a line of its own. */
function cutLine(words: string, value: number, { range, side }: { readonly range: ValueRange; readonly side: "left" | "right" }): Html {
  const x = positionIn(value, range) * width;
  const isLeft = side === "left" ? x > cutRoom : x > width - cutRoom;
  const y = (side === "left") === isLeft ? 12 : 27;
  return html`<path class="cut" d="M${x.toFixed(1)} 2V118" />
    <text x="${(x + (isLeft ? -5 : 5)).toFixed(1)}" y="${y}" text-anchor="${isLeft ? "end" : "start"}">${words} ${scoreText(value)}</text>`;
}

/** Multiples of a tenth; fewer where there would be more than a dozen. */
function axisTicks({ min, max }: ValueRange): readonly number[] {
  const tenths = Math.round((max - min) * 10);
  const step = Math.ceil(tenths / 12);
  return Array.from({ length: Math.floor(tenths / step) + 1 }, (_, index) => Number((min + (index * step) / 10).toFixed(1)));
}

export interface GroupsParts {
  /** In the order of the axis. */
  readonly groups: readonly DriftGroup[];
  /** Drawn across; null for none. */
  readonly cutoff: number | null;
  readonly description: string;
}

/** Scores by a value: each score as a ring, the mean of each group as a dot with its interval. Groups stand at equal distances. */
export function groupsChart({ groups, cutoff, description }: GroupsParts): Html {
  const height = 180;
  const plot = { left: 36, top: 8, bottom: height - 24 };
  const range = widenTo(rangeOf(groups.flatMap(({ scores }) => scores), groups.flatMap(({ interval, mean }) => interval ?? [mean]), cutoff === null ? [] : [cutoff]), 0.1); // prettier-ignore
  const step = (width - plot.left) / groups.length;
  const x = (index: number): number => plot.left + (index + 0.5) * step;
  const y = (value: number): string => (plot.bottom - positionIn(value, range) * (plot.bottom - plot.top)).toFixed(1);
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${description}">
    ${axisTicks(range).map((value) => html`<path class="grid" d="M${plot.left} ${y(value)}H${width}" /><text class="small" x="${plot.left - 6}" y="${y(value)}" dy="4" text-anchor="end">${value}</text>`)}
    ${cutoff === null ? null : html`<path class="cut" d="M${plot.left} ${y(cutoff)}H${width}" />`}
    ${groups.map(
      ({ value, mean, interval, scores }, index) =>
        html`${scores.map((score) => html`<circle class="ring" cx="${x(index).toFixed(1)}" cy="${y(score)}" r="3" />`)}
          ${interval === null ? null : html`<path class="interval" d="M${(x(index) + 9).toFixed(1)} ${y(interval[0])}V${y(interval[1])}" />`}
          <circle class="mean" cx="${(x(index) + 9).toFixed(1)}" cy="${y(mean)}" r="4" />
          <text class="small" x="${x(index).toFixed(1)}" y="${height - 6}" text-anchor="middle">${shortened(value.text, step)}</text>`,
    )}
  </svg>`;
}

/** About what a letter takes, in units of the drawing. */
const letterWidth = 7;

function shortened(text: string, room: number): string {
  const letters = Math.max(2, Math.floor(room / letterWidth));
  return text.length <= letters ? text : `${text.slice(0, letters - 1)}…`;
}
