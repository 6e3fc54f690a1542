/** @file The accuracy of every combination of settings as a picture: a row per tap, a column per step, a panel per size; the best one is outlined. */
import type { RawImage } from "../../platform/raw-image";
import { createCanvas, drawOutline, drawOverlay, type Box } from "../heatmap/canvas";
import type { Rgb } from "../heatmap/cividis";
import type { Setting } from "./setting-grid";
import type { Standing } from "./successive-halving";

const cell = 48;
const gap = 12;
const paper: Rgb = [24, 24, 24];
const bestColour: Rgb = [255, 255, 255];
/** What guessing gives is the dark end of the ramp, all right the bright one. */
const range = { low: 0.5, high: 1 };

/** Draws the standings, the best one first. Taps are in the order of their names, steps and sizes in that of their numbers. */
export function drawSettingGrid(standings: readonly Standing<Setting>[]): RawImage {
  const valuesOf = (axis: keyof Setting["labels"]) =>
    [...new Set(standings.map(({ candidate }) => candidate.labels[axis]))].sort((one, other) =>
      one.localeCompare(other, "en", { numeric: true }),
    );
  const [taps, steps, sizes] = [valuesOf("tap"), valuesOf("step"), valuesOf("size")];
  const panel = { width: steps.length * cell, height: taps.length * cell };
  const canvas = createCanvas(sizes.length * (panel.width + gap) + gap, panel.height + 2 * gap, paper);
  for (const [index, size] of sizes.entries()) {
    const area: Box = { left: gap + index * (panel.width + gap), top: gap, ...panel };
    const accuracyAt = (tap: string, step: string) =>
      standings.find(({ candidate: { labels } }) => labels.tap === tap && labels.step === step && labels.size === size)?.accuracy ?? 0;
    const values = taps.flatMap((tap) => steps.map((step) => accuracyAt(tap, step)));
    drawOverlay(canvas, area, { grid: { rows: taps.length, columns: steps.length }, values, ...range, opacity: 1 });
  }
  const best = standings[0]?.candidate.labels;
  if (best !== undefined) {
    const left = gap + sizes.indexOf(best.size) * (panel.width + gap) + steps.indexOf(best.step) * cell;
    drawOutline(canvas, { left, top: gap + taps.indexOf(best.tap) * cell, width: cell, height: cell }, bestColour);
  }
  return canvas;
}
