/** @file Fully connected layer. Source: torch `nn.Linear`. */
import type { GraphBuilder } from "../graph/graph-builder";
import { shapeMismatch } from "../graph/shape-inference";
import { formatShape, knownSize, type Value } from "../graph/value";
import type { WeightScope } from "../weights/weight-scope";

export interface LinearOptions {
  /** Read from the weight when left out; given, it is checked. */
  readonly outFeatures?: number;
  readonly bias?: boolean;
}

/** Emits x Wᵀ + b over the last axis: [..., in] to [..., out]. `weights` holds `weight` [out, in] and `bias` [out]. */
export function linear(g: GraphBuilder, x: Value, weights: WeightScope, options: LinearOptions = {}): Value {
  const inFeatures = knownSize(x, -1);
  if (inFeatures === undefined) throw shapeMismatch("linear", `${weights.path} needs a known last axis, got ${formatShape(x.shape)}`);
  const outFeatures = options.outFeatures ?? weights.shapeOf("weight")?.[0] ?? 0;
  const weight = g.weight(weights.get("weight", [outFeatures, inFeatures]));
  const bias = options.bias === false ? null : g.weight(weights.get("bias", [outFeatures]));
  if (x.shape.length === 2) return g.gemm(x, weight, bias);
  const rows = g.reshape(x, [-1, inFeatures]);
  return g.reshape(g.gemm(rows, weight, bias), [...x.shape.slice(0, -1), outFeatures]);
}
