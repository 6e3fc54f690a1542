/** @file Layer normalisation over the last axis. Source: torch `nn.LayerNorm`. */
import type { GraphBuilder } from "../graph/graph-builder";
import { shapeMismatch } from "../graph/shape-inference";
import { formatShape, knownSize, type Value } from "../graph/value";
import type { WeightScope } from "../weights/weight-scope";

/** Emits layer normalisation of x [..., C]. `weights` holds `weight` and `bias`, both [C]. */
export function layerNorm(g: GraphBuilder, x: Value, weights: WeightScope, { eps }: { readonly eps: number }): Value {
  const channels = knownSize(x, -1);
  if (channels === undefined) throw shapeMismatch("layerNorm", `${weights.path} needs a known last axis, got ${formatShape(x.shape)}`);
  const weight = g.weight(weights.get("weight", [channels]));
  const bias = g.weight(weights.get("bias", [channels]));
  return g.layerNormalization(x, weight, { bias, eps });
}
