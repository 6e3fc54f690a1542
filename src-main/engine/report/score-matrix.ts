/** @file Candidates by references as a picture: one pixel a score, in a ramp whose lightness rises with the score. */
import type { MeasuredCheck } from "#shared/domain/check";
import { rangeOf, type ValueRange } from "#shared/lib/value-range";
import { encodePng } from "../../data/imaging/thumbnail";
import { createCanvas } from "../heatmap/canvas";
import { cividis, type Rgb } from "../heatmap/cividis";

const unknown: Rgb = [255, 255, 255];
const rampSteps = 64;

/** `picture` and `ramp` are data URLs; the ramp goes from the lowest score to the highest. */
export interface ScoreMatrix {
  readonly picture: string;
  readonly ramp: string;
  readonly range: ValueRange;
}

/** References from top to bottom, candidates from left to right in the order of `candidates` (places in the result). A score that is missing is white. */
export async function drawScoreMatrix(
  { candidates: scores, references }: MeasuredCheck,
  candidates: readonly number[],
): Promise<ScoreMatrix> {
  const rows = references.map((_, reference) => candidates.map((candidate) => scores[candidate]?.[reference] ?? null));
  const range = rangeOf(rows.flat().filter((score) => score !== null));
  const colourOf = (score: number | null): Rgb => (score === null ? unknown : cividis((score - range.min) / (range.max - range.min)));
  const steps = Array.from({ length: rampSteps }, (_, step) => cividis(step / (rampSteps - 1)));
  return { picture: await pngOf(rows.map((row) => row.map(colourOf))), ramp: await pngOf([steps]), range };
}

async function pngOf(rows: readonly (readonly Rgb[])[]): Promise<string> {
  const canvas = createCanvas(rows[0]?.length ?? 0, rows.length, unknown);
  canvas.data.set(rows.flat(2));
  return `data:image/png;base64,${(await encodePng(canvas)).toString("base64")}`;
}
