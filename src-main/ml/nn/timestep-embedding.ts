/** @file Sinusoids of a timestep. Source: diffusers `get_timestep_embedding` and `TimestepEmbedding`; Ho et al. 2020. */
import type { GraphBuilder } from "../graph/graph-builder";
import { shapeMismatch } from "../graph/shape-inference";
import { formatShape, type Value } from "../graph/value";
import type { WeightScope } from "../weights/weight-scope";
import { silu } from "./activations";
import { linear } from "./linear";
import { sineAndCosine } from "./trigonometry";

export interface SinusoidOptions {
  /** Width of the result, even. */
  readonly channels: number;
  /** Cosines first. */
  readonly flipSinToCos: boolean;
  readonly downscaleFreqShift: number;
  readonly maxPeriod?: number;
}

/** Emits the sinusoids of `timestep` [N] or [N, K] (float32): [N, channels] or [N, K, channels]. */
export function sinusoidalTimestepEmbedding(g: GraphBuilder, timestep: Value, options: SinusoidOptions): Value {
  const axis = timestep.shape.length;
  const half = options.channels / 2;
  if (axis === 0 || !Number.isInteger(half))
    throw shapeMismatch("timestep embedding", `${formatShape(timestep.shape)} cannot become ${options.channels} channels`);
  const frequencies = g.constant([1, half], sinusoidFrequencies(half, options));
  const { sine, cosine } = sineAndCosine(g, g.mul(g.unsqueeze(timestep, [axis]), frequencies)); // [..., half]
  return g.concat(options.flipSinToCos ? [cosine, sine] : [sine, cosine], axis);
}

/** Rounded to float32 at every step, as the reference computes them: an angle is up to 1000 times a frequency, so its last bits show. */
function sinusoidFrequencies(half: number, options: SinusoidOptions): Float32Array {
  const logPeriod = Math.fround(-Math.log(options.maxPeriod ?? 10_000));
  return Float32Array.from({ length: half }, (_, i) => {
    const exponent = Math.fround(Math.fround(logPeriod * i) / Math.fround(half - options.downscaleFreqShift));
    return Math.exp(exponent);
  });
}

/** Emits the two linear layers around a SiLU that follow the sinusoids: `linear_1`, `linear_2`. */
export function timestepEmbedding(g: GraphBuilder, sinusoids: Value, weights: WeightScope): Value {
  return linear(g, silu(g, linear(g, sinusoids, weights.scope("linear_1"))), weights.scope("linear_2"));
}
