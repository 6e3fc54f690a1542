/** @file The feed forward part of a transformer block with a gated GELU. Source: diffusers `FeedForward(activation_fn="geglu")`; Shazeer 2020. */
import type { GraphBuilder } from "../graph/graph-builder";
import { shapeMismatch } from "../graph/shape-inference";
import { formatShape, knownSize, type Value } from "../graph/value";
import type { WeightScope } from "../weights/weight-scope";
import { gelu } from "./activations";
import { linear } from "./linear";

/** Emits x [B, T, C] through `net.0.proj` (to twice 4C, the second half gates) and `net.2` (back to C). */
export function feedForward(g: GraphBuilder, x: Value, weights: WeightScope): Value {
  const channels = knownSize(x, -1);
  if (channels === undefined) throw shapeMismatch("feedForward", `${weights.path} needs a known last axis, got ${formatShape(x.shape)}`);
  return linear(g, geglu(g, x, weights.scope("net.0.proj")), weights.scope("net.2"), { outFeatures: channels });
}

/** Emits the gated GELU alone: [B, T, C] to [B, T, inner], `weights` holding a linear layer to 2 * inner. */
function geglu(g: GraphBuilder, x: Value, weights: WeightScope): Value {
  const projected = linear(g, x, weights); // [B, T, 2 * inner]
  const inner = (knownSize(projected, -1) ?? 0) / 2;
  const [hidden, gate] = g.split(projected, [inner, inner], -1) as readonly [Value, Value];
  return g.mul(hidden, gelu(g, gate));
}
