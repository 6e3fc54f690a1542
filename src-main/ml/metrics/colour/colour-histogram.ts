/**
 * @file Which colours a picture is made of, wherever they are: a histogram over OKLab whose pixels are shared out among the eight nearest bins.
 * Sources: Swain and Ballard, "Color Indexing", 1991 (histograms of colours); Bhattacharyya 1943 (their likeness by square roots); Ottosson 2020 (OKLab).
 */
import { okLabOfBytes } from "#shared/lib/colour";
import { unit } from "../../tensor/linear-algebra";
import type { MaskImage, RawImage } from "../../../platform/raw-image";

/** Bins of lightness and of each opponent axis. */
export const colourBins = { lightness: 4, axis: 8 } as const;
/** Opponent axes of sRGB's colours lie within this on both sides of grey. */
const widestAxis = 0.32;

export const histogramLength = colourBins.lightness * colourBins.axis ** 2;

/**
 * Square roots of the shares of the bins, a vector of length one: the product of two of them is the Bhattacharyya coefficient, 1 for equal shares and 0 for
 * pictures without a common colour. `mask` has the size of the picture and weighs its pixels; null when it leaves none.
 */
export function colourHistogram({ data }: RawImage, mask: MaskImage | null = null): Float32Array | null {
  const bins = new Float64Array(histogramLength);
  let total = 0;
  for (let pixel = 0; pixel * 3 < data.length; pixel++) {
    const weight = mask === null ? 1 : (mask.data[pixel] ?? 0) / 255;
    if (weight === 0) continue;
    total += weight;
    const { lightness, a, b } = okLabOfBytes(data[pixel * 3] ?? 0, data[pixel * 3 + 1] ?? 0, data[pixel * 3 + 2] ?? 0);
    share(bins, [placeOf(lightness, colourBins.lightness), axisPlace(a), axisPlace(b)], weight);
  }
  return total === 0 ? null : unit(Float32Array.from(bins, (bin) => Math.sqrt(bin / total)));
}

/** Between which two bins a number in [0, 1] lies, and how far it is on the way to the second. */
interface Place {
  readonly low: number;
  readonly high: number;
  readonly way: number;
}

function placeOf(value: number, bins: number): Place {
  const position = Math.min(bins - 1, Math.max(0, value * bins - 0.5));
  const low = Math.floor(position);
  return { low, high: Math.min(bins - 1, low + 1), way: position - low };
}

const axisPlace = (value: number): Place => placeOf((value / widestAxis + 1) / 2, colourBins.axis);

function share(bins: Float64Array, [lightness, a, b]: readonly [Place, Place, Place], weight: number): void {
  for (const [l, lightnessShare] of sides(lightness)) {
    for (const [u, aShare] of sides(a)) {
      for (const [v, bShare] of sides(b)) {
        const bin = (l * colourBins.axis + u) * colourBins.axis + v;
        bins[bin] = (bins[bin] ?? 0) + weight * lightnessShare * aShare * bShare;
      }
    }
  }
}

const sides = ({ low, high, way }: Place): readonly (readonly [bin: number, share: number])[] => [
  [low, 1 - way],
  [high, way],
];
