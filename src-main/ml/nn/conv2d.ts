/** @file Two-dimensional convolution. Source: torch `nn.Conv2d`. */
import type { ConvOptions, GraphBuilder } from "../graph/graph-builder";
import { shapeMismatch } from "../graph/shape-inference";
import { formatShape, knownSize, type Value } from "../graph/value";
import type { WeightScope } from "../weights/weight-scope";

export interface Conv2dOptions extends ConvOptions {
  /** Read from the weight when left out; given, it is checked. */
  readonly outChannels?: number;
  /** Read from the weight when left out; given, it is checked. */
  readonly kernelSize?: number | readonly [number, number];
  readonly bias?: boolean;
}

/** Emits a convolution of x [B, in, H, W]. `weights` holds `weight` [out, in / groups, kh, kw] and `bias` [out]. */
export function conv2d(g: GraphBuilder, x: Value, weights: WeightScope, options: Conv2dOptions = {}): Value {
  const inChannels = knownSize(x, 1);
  if (inChannels === undefined) throw shapeMismatch("conv2d", `${weights.path} needs known channels, got ${formatShape(x.shape)}`);
  const stored = weights.shapeOf("weight") ?? [];
  const kernel = options.kernelSize ?? [stored[2] ?? 1, stored[3] ?? 1];
  const [kernelHeight, kernelWidth] = typeof kernel === "number" ? [kernel, kernel] : kernel;
  const outChannels = options.outChannels ?? stored[0] ?? 0;
  const weight = g.weight(weights.get("weight", [outChannels, inChannels / (options.groups ?? 1), kernelHeight, kernelWidth]));
  const bias = options.bias === false ? null : g.weight(weights.get("bias", [outChannels]));
  return g.conv(x, weight, bias, options);
}
