/**
 * @file The reconstruction filters of Pillow and the fixed-point weights of one resize pass.
 * Source: Pillow `Resample.c`.
 */
import { defined } from "#shared/lib/assert";

export const resampleFilters = ["box", "bilinear", "hamming", "bicubic", "lanczos"] as const;
export type ResampleFilter = (typeof resampleFilters)[number];

/** Fractional bits of a weight. */
export const WEIGHT_BITS = 22;

/**
 * Weights of one pass from `inputSize` to `outputSize` samples.
 * Output sample `i` is the sum over `j` of `input[starts[i] + j] * weights[i * taps + j]`, for `j` below `counts[i]`.
 */
export interface PassWeights {
  readonly taps: number;
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  readonly weights: Int32Array;
}

interface FilterKernel {
  readonly support: number;
  readonly weightAt: (x: number) => number;
}

const kernels: Readonly<Record<ResampleFilter, FilterKernel>> = {
  box: { support: 0.5, weightAt: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, weightAt: (x) => Math.max(0, 1 - Math.abs(x)) },
  hamming: { support: 1, weightAt: hamming },
  bicubic: { support: 2, weightAt: bicubic },
  lanczos: { support: 3, weightAt: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

function hamming(x: number): number {
  if (x === 0) return 1;
  if (Math.abs(x) >= 1) return 0;
  const angle = Math.PI * Math.abs(x);
  return (Math.sin(angle) / angle) * (0.54 + 0.46 * Math.cos(angle));
}

function bicubic(signedX: number): number {
  const a = -0.5;
  const x = Math.abs(signedX);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
  return 0;
}

function sinc(t: number): number {
  if (t === 0) return 1;
  const angle = Math.PI * t;
  return Math.sin(angle) / angle;
}

/** Computes the weights of one pass in float64 and rounds them to 22 fractional bits, half away from zero. */
function computePassWeights(filter: ResampleFilter, inputSize: number, outputSize: number): PassWeights {
  const { support: unitSupport, weightAt } = kernels[filter];
  const scale = inputSize / outputSize;
  const filterScale = Math.max(scale, 1); // filters widen when shrinking, never narrow when enlarging
  const support = unitSupport * filterScale;
  const reciprocal = 1 / filterScale;
  const taps = Math.ceil(support) * 2 + 1;
  const starts = new Int32Array(outputSize);
  const counts = new Int32Array(outputSize);
  const weights = new Int32Array(outputSize * taps);
  const row = new Float64Array(taps);
  for (let i = 0; i < outputSize; i++) {
    const centre = (i + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - support + 0.5));
    const count = Math.min(inputSize, Math.trunc(centre + support + 0.5)) - start;
    let total = 0;
    for (let j = 0; j < count; j++) {
      const weight = weightAt((j + start - centre + 0.5) * reciprocal);
      row[j] = weight;
      total += weight;
    }
    for (let j = 0; j < count; j++) {
      const weight = total === 0 ? defined(row[j], "weight") : defined(row[j], "weight") / total;
      weights[i * taps + j] = Math.trunc(weight * 2 ** WEIGHT_BITS + (weight < 0 ? -0.5 : 0.5));
    }
    starts[i] = start;
    counts[i] = count;
  }
  return { taps, starts, counts, weights };
}

/** A library is full of pictures of few sizes; the bound keeps a folder of odd sizes from filling memory. */
const CACHED_PASSES = 32;
const passCache = new Map<string, PassWeights>();

/** The weights of one pass, kept for the sizes used last. */
export function passWeights(filter: ResampleFilter, inputSize: number, outputSize: number): PassWeights {
  const key = `${filter} ${inputSize} ${outputSize}`;
  const pass = passCache.get(key) ?? computePassWeights(filter, inputSize, outputSize);
  passCache.delete(key);
  passCache.set(key, pass);
  if (passCache.size > CACHED_PASSES) passCache.delete(defined(passCache.keys().next().value, "oldest pass"));
  return pass;
}
