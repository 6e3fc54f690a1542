/** @file The gated GELU of a transformer block's feed forward part. Source: diffusers `GEGLU`; Shazeer 2020. */
import type { GraphBuilder } from "../graph/graph-builder";
import { knownSize, type Value } from "../graph/value";
import type { WeightScope } from "../weights/weight-scope";
import { gelu } from "./activations";
import { linear } from "./linear";

/** Emits x [B, T, C] through `proj`, a linear layer to twice the inner width, of which the second half gates the first: [B, T, inner]. */
export function geglu(g: GraphBuilder, x: Value, weights: WeightScope): Value {
  const projected = linear(g, x, weights.scope("proj")); // [B, T, 2 * inner]
  const inner = (knownSize(projected, -1) ?? 0) / 2;
  const [hidden, gate] = g.split(projected, [inner, inner], -1) as readonly [Value, Value];
  return g.mul(hidden, gelu(g, gate));
}
