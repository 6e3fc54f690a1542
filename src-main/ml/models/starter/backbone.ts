/**
 * @file EfficientNet-Lite0 up to the block the starter model keeps, with the outputs of the tapped blocks.
 * Source: Tan & Le 2019 and the EfficientNet-Lite variant (relu6, no squeeze-and-excitation, fixed stem); weight names as timm's `tf_efficientnet_lite0`.
 */
import { appError } from "#shared/domain/app-error";
import type { GraphBuilder } from "../../graph/graph-builder";
import type { Value } from "../../graph/value";
import type { WeightScope } from "../../weights/weight-scope";
import type { StarterConfig } from "./config";

interface ConvBlockOptions {
  readonly channels: number;
  readonly kernelSize: number;
  readonly stride?: number;
  readonly groups?: number;
  readonly activation?: boolean;
  readonly eps: number;
}

/** Emits the backbone. `pixels` is [N, 3, S, S]; each tap is [N, C, rows, columns]. */
export function starterBackbone(g: GraphBuilder, pixels: Value, weights: WeightScope, config: StarterConfig): ReadonlyMap<string, Value> {
  const eps = config.batchNormEps;
  const tapOf = new Map(Object.entries(config.taps).map(([tap, block]) => [block, tap]));
  const taps = new Map<string, Value>();
  let x = convBatchNorm(
    g,
    pixels,
    { conv: weights.scope("conv_stem"), norm: weights.scope("bn1") },
    { channels: config.stemChannels, kernelSize: 3, stride: 2, activation: true, eps },
  );
  for (const [i, stage] of config.stages.entries()) {
    for (let j = 0; j < stage.repeats; j += 1) {
      const name = `blocks.${i}.${j}`;
      const block = { channels: stage.channels, kernelSize: stage.kernelSize, stride: j === 0 ? stage.stride : 1, eps };
      x =
        stage.expandRatio === 1
          ? separableBlock(g, x, weights.scope(name), block)
          : invertedResidual(g, x, weights.scope(name), { ...block, expandRatio: stage.expandRatio });
      const tap = tapOf.get(name);
      if (tap !== undefined) taps.set(tap, x);
      if (name === config.truncatedAfter) return taps;
    }
  }
  throw appError(
    "graph/unsupported-config",
    `starter config.json: "truncated_after" is ${config.truncatedAfter}, which is no block of the backbone.`,
  );
}

/** Depthwise, then pointwise: the block of the first stage, which does not widen. */
function separableBlock(g: GraphBuilder, x: Value, weights: WeightScope, block: ConvBlockOptions): Value {
  const channels = channelsOf(x);
  const depthwise = convBatchNorm(
    g,
    x,
    { conv: weights.scope("conv_dw"), norm: weights.scope("bn1") },
    { ...block, channels, groups: channels, activation: true },
  );
  const narrowed = convBatchNorm(
    g,
    depthwise,
    { conv: weights.scope("conv_pw"), norm: weights.scope("bn2") },
    { channels: block.channels, kernelSize: 1, eps: block.eps },
  );
  return withShortcut(g, x, narrowed, block);
}

/** Pointwise to `expandRatio` times the channels, depthwise, pointwise back, and the input added where shapes agree. */
function invertedResidual(
  g: GraphBuilder,
  x: Value,
  weights: WeightScope,
  block: ConvBlockOptions & { readonly expandRatio: number },
): Value {
  const wide = channelsOf(x) * block.expandRatio;
  const { eps } = block;
  const expanded = convBatchNorm(
    g,
    x,
    { conv: weights.scope("conv_pw"), norm: weights.scope("bn1") },
    { channels: wide, kernelSize: 1, activation: true, eps },
  );
  const depthwise = convBatchNorm(
    g,
    expanded,
    { conv: weights.scope("conv_dw"), norm: weights.scope("bn2") },
    { ...block, channels: wide, groups: wide, activation: true },
  );
  const narrowed = convBatchNorm(
    g,
    depthwise,
    { conv: weights.scope("conv_pwl"), norm: weights.scope("bn3") },
    { channels: block.channels, kernelSize: 1, eps },
  );
  return withShortcut(g, x, narrowed, block);
}

function withShortcut(g: GraphBuilder, x: Value, y: Value, block: ConvBlockOptions): Value {
  return block.stride === 1 && channelsOf(x) === block.channels ? g.add(x, y) : y;
}

/** Convolution without bias, batch normalisation, relu6. The runtime folds the normalisation into the convolution. */
function convBatchNorm(
  g: GraphBuilder,
  x: Value,
  weights: { readonly conv: WeightScope; readonly norm: WeightScope },
  options: ConvBlockOptions,
): Value {
  const { channels, kernelSize, stride = 1, groups = 1, eps } = options;
  const kernel = g.weight(weights.conv.get("weight", [channels, channelsOf(x) / groups, kernelSize, kernelSize]));
  const convolved = g.conv(x, kernel, null, { stride, groups, padding: samePadding(x, kernelSize, stride) });
  const affine = ["weight", "bias", "running_mean", "running_var"].map((name) => g.weight(weights.norm.get(name, [channels])));
  const normalized = g.op("BatchNormalization", [convolved, ...affine], { epsilon: { float: eps } }, convolved);
  return options.activation === true ? g.clip(normalized, 0, 6) : normalized;
}

/** TensorFlow's SAME: as many outputs as strides fit, the odd pixel at the end. `[top, left, bottom, right]`. */
function samePadding(x: Value, kernelSize: number, stride: number): readonly [number, number, number, number] {
  const [vertical, horizontal] = [2, 3].map((axis) => {
    const size = sizeOf(x, axis);
    return Math.max((Math.ceil(size / stride) - 1) * stride + kernelSize - size, 0);
  }) as [number, number];
  const [top, left] = [Math.floor(vertical / 2), Math.floor(horizontal / 2)];
  return [top, left, vertical - top, horizontal - left];
}

function channelsOf(x: Value): number {
  return sizeOf(x, 1);
}

function sizeOf(x: Value, axis: number): number {
  const size = x.shape[axis];
  if (typeof size !== "number") throw appError("graph/shape-mismatch", `Axis ${axis} of ${x.name} must have a known size.`);
  return size;
}
