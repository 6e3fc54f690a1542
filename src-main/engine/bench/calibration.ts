/**
 * @file Whether a metric is right more often where its two scores lie further apart, and how far its sureness can be taken at its word.
 *
 * Sureness is sigma(k * margin), the chance that the chosen picture is the right one; k is fitted on one half of the triplets and applied to the
 * other, so that no triplet vouches for itself. Sources: Platt 1999, "Probabilistic outputs for support vector machines" (one slope, no offset:
 * a and b are interchangeable); Nguyen, O'Connor, "Posterior calibration and exploratory analysis for natural language processing models", EMNLP
 * 2015 (bins of equal counts).
 */
import type { CalibrationBin } from "#shared/domain/benchmark";
import { wilsonInterval } from "#shared/lib/wilson-interval";

/** Fewer choices fill no two bins. */
const fewest = 40;
const mostBins = 8;
const fewestInBin = 20;
/** Keeps the slope finite where every choice is right; in units of the margins' root mean square. */
const priorDeviation = 10;
const steps = 50;

export interface Calibration {
  /** Of about equal counts, the least sure first. */
  readonly bins: readonly CalibrationBin[];
  readonly error: number;
}

/**
 * `margins[i]` is by how much a metric preferred the right picture of triplet i: negative where it chose the other, 0 for a tie. null where there
 * are too few to say anything.
 */
export function calibrationOf(margins: readonly number[]): Calibration | null {
  const known = margins.filter((margin) => Number.isFinite(margin));
  const scale = Math.sqrt(known.reduce((sum, margin) => sum + margin * margin, 0) / Math.max(1, known.length));
  if (known.length < fewest || scale === 0) return null;
  const unit = known.map((margin) => margin / scale);
  const halves = [0, 1].map((half) => slopeOf(unit.filter((_, index) => index % 2 !== half)));
  const choices = unit.map((margin, index) => ({
    sureness: sigma((halves[index % 2] ?? 0) * Math.abs(margin)),
    right: margin > 0 ? 1 : margin === 0 ? 0.5 : 0,
  }));
  const bins = equalParts(
    choices.sort((one, other) => one.sureness - other.sureness),
    Math.min(mostBins, Math.floor(choices.length / fewestInBin)),
  ).map((inside) => {
    const right = inside.reduce((sum, choice) => sum + choice.right, 0);
    const sureness = inside.reduce((sum, choice) => sum + choice.sureness, 0) / inside.length;
    const [from, to] = [inside[0]?.sureness ?? 0, inside.at(-1)?.sureness ?? 0];
    return { from, to, count: inside.length, sureness, right: right / inside.length, interval: wilsonInterval(right, inside.length) };
  });
  const error = bins.reduce((sum, { count, sureness, right }) => sum + (count / choices.length) * Math.abs(sureness - right), 0);
  return { bins, error };
}

/** A list in `count` runs of nearly the same length. */
function equalParts<Item>(items: readonly Item[], count: number): readonly (readonly Item[])[] {
  const edge = (part: number): number => Math.round((part * items.length) / count);
  return Array.from({ length: count }, (_, part) => items.slice(edge(part), edge(part + 1)));
}

const sigma = (x: number): number => 1 / (1 + Math.exp(-x));

/** The most likely slope, never below 0: a metric that is wrong more often than right is not sure of anything. Newton's method on a concave function. */
function slopeOf(margins: readonly number[]): number {
  let slope = 0;
  for (let step = 0; step < steps; step += 1) {
    let gradient = -slope / priorDeviation ** 2;
    let curvature = 1 / priorDeviation ** 2;
    for (const margin of margins) {
      const chance = sigma(slope * margin);
      gradient += margin * (1 - chance);
      curvature += margin * margin * chance * (1 - chance);
    }
    // Half a step at most beyond the unit of the margins: far out the function is flat and Newton would leap.
    const change = Math.max(-2, Math.min(2, gradient / curvature));
    slope += change;
    if (Math.abs(change) < 1e-9) break;
  }
  return Math.max(0, slope);
}
