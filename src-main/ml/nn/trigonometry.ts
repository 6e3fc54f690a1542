/**
 * @file Sine and cosine from sums and products. The operators of a graphics card promise three digits, and those only near zero,
 * while a timestep is up to 1000 radians and shifts every channel of a U-Net.
 */
import type { GraphBuilder } from "../graph/graph-builder";
import type { Value } from "../graph/value";

/** 2 pi in two parts; whole multiples of the first, up to some thousand, are exact in float32. */
const turnParts = [6.28125, 2 * Math.PI - 6.28125] as const;

/** Taylor coefficients in powers of the squared angle, enough for float32 up to a quarter turn. */
const sineCoefficients = [1, -1 / 6, 1 / 120, -1 / 5_040, 1 / 362_880, -1 / 39_916_800, 1 / 6_227_020_800];
const cosineCoefficients = [1, -1 / 2, 1 / 24, -1 / 720, 1 / 40_320, -1 / 3_628_800, 1 / 479_001_600];

/** Emits sine and cosine of `angles`, which may be thousands of radians, to float32 precision on every device. */
export function sineAndCosine(g: GraphBuilder, angles: Value): { readonly sine: Value; readonly cosine: Value } {
  const half = g.scale(withinOneTurn(g, angles), 0.5); // in [-pi / 2, pi / 2]
  const square = g.mul(half, half);
  const halfSine = g.mul(half, polynomial(g, square, sineCoefficients));
  const halfCosine = polynomial(g, square, cosineCoefficients);
  return {
    sine: g.scale(g.mul(halfSine, halfCosine), 2),
    cosine: g.sub(g.scalar(1), g.scale(g.mul(halfSine, halfSine), 2)),
  };
}

/** The same angles in [-pi, pi]. */
function withinOneTurn(g: GraphBuilder, angles: Value): Value {
  const turns = g.floor(g.add(g.scale(angles, 1 / (2 * Math.PI)), g.scalar(0.5)));
  return turnParts.reduce((rest, part) => g.sub(rest, g.scale(turns, part)), angles);
}

/** Horner's scheme. */
function polynomial(g: GraphBuilder, x: Value, coefficients: readonly number[]): Value {
  const [last = 0, ...rest] = [...coefficients].reverse();
  return rest.reduce<Value>((sum, coefficient) => g.add(g.mul(sum, x), g.scalar(coefficient)), g.scalar(last));
}
