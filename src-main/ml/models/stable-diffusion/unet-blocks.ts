/**
 * @file The down, middle and up blocks of the U-Net.
 * Source: diffusers `DownBlock2D`, `CrossAttnDownBlock2D`, `UNetMidBlock2DCrossAttn`, `UpBlock2D`, `CrossAttnUpBlock2D`, `Downsample2D`, `Upsample2D`.
 */
import type { GraphBuilder } from "../../graph/graph-builder";
import type { Value } from "../../graph/value";
import { conv2d } from "../../nn/conv2d";
import type { WeightScope } from "../../weights/weight-scope";
import { addShortcut, residualBranch, type ResnetBlockConfig } from "./resnet-block";
import { tap, type Emission } from "./tap-collector";
import { transformer2D, type TransformerConfig, type TransformerContext } from "./transformer";

/** What every block sees beside its input: the activated time embedding [B, C_temb], and what transformers see. */
export interface Conditioning extends TransformerContext {
  readonly temb: Value;
}

export interface UNetBlockConfig extends ResnetBlockConfig {
  readonly layers: number;
  readonly transformer: Omit<TransformerConfig, "layers">;
  /** Transformer blocks of each attention; empty for a block without attention. */
  readonly transformerLayers: readonly number[];
  /** Whether a resampling convolution follows: every block but the last one of its half. */
  readonly resamples: boolean;
}

/** Emits a down block; what it leaves for the skip connections is pushed onto `skips`. */
export function* downBlock(
  g: GraphBuilder,
  x: Value,
  conditioning: Conditioning,
  weights: WeightScope,
  config: UNetBlockConfig & { skips: Value[] },
): Emission<Value> {
  let h = x;
  for (let i = 0; i < config.layers; i++) {
    h = yield* layer(g, h, conditioning, weights, { ...config, index: i });
    config.skips.push(h);
  }
  if (config.resamples) {
    const downsampler = weights.scope("downsamplers.0");
    h = conv2d(g, h, downsampler.scope("conv"), { outChannels: config.outChannels, kernelSize: 3, stride: 2, padding: 1 });
    yield tap(downsampler.path, h);
    config.skips.push(h);
  }
  yield tap(weights.path, h);
  return h;
}

/** Emits the middle block: a residual block, then attention and residual block as often as there are attentions. */
export function* midBlock(
  g: GraphBuilder,
  x: Value,
  conditioning: Conditioning,
  weights: WeightScope,
  config: Omit<UNetBlockConfig, "resamples" | "layers">,
): Emission<Value> {
  let h = x;
  for (let i = 0; i < config.transformerLayers.length; i++) h = yield* layer(g, h, conditioning, weights, { ...config, index: i });
  h = yield* resnet(g, h, conditioning.temb, weights.scope(`resnets.${config.transformerLayers.length}`), config);
  yield tap(weights.path, h);
  return h;
}

/** Emits an up block; every residual block takes one skip connection off `skips`. */
export function* upBlock(
  g: GraphBuilder,
  x: Value,
  conditioning: Conditioning,
  weights: WeightScope,
  config: UNetBlockConfig & { skips: Value[] },
): Emission<Value> {
  let h = x;
  for (let i = 0; i < config.layers; i++) {
    const skip = config.skips.pop();
    if (skip !== undefined) h = g.concat([h, skip], 1);
    h = yield* layer(g, h, conditioning, weights, { ...config, index: i });
  }
  if (config.resamples) {
    const upsampler = weights.scope("upsamplers.0");
    const enlarged = enlargeLike(g, h, config.skips.at(-1));
    h = conv2d(g, enlarged, upsampler.scope("conv"), { outChannels: config.outChannels, kernelSize: 3, padding: 1 });
    yield tap(upsampler.path, h);
  }
  yield tap(weights.path, h);
  return h;
}

/** Emits one layer of a block: residual block `index`, and attention `index` where the block has attentions. */
function* layer(
  g: GraphBuilder,
  x: Value,
  conditioning: Conditioning,
  weights: WeightScope,
  config: Omit<UNetBlockConfig, "resamples" | "layers"> & { readonly index: number },
): Emission<Value> {
  const h = yield* resnet(g, x, conditioning.temb, weights.scope(`resnets.${config.index}`), config);
  const layers = config.transformerLayers[config.index];
  if (layers === undefined) return h;
  return yield* transformer2D(g, h, conditioning, weights.scope(`attentions.${config.index}`), { ...config.transformer, layers });
}

function* resnet(g: GraphBuilder, x: Value, temb: Value, weights: WeightScope, config: ResnetBlockConfig): Emission<Value> {
  const branch = residualBranch(g, x, temb, weights, config);
  yield tap(`${weights.path}.conv2`, branch);
  const h = addShortcut(g, x, branch, weights);
  yield tap(weights.path, h);
  return h;
}

/**
 * Nearest-neighbour enlargement to the size of the next skip connection. That is twice the size, or one less where the way down halved an odd size:
 * latents need not be multiples of 8.
 */
function enlargeLike(g: GraphBuilder, x: Value, skip: Value | undefined): Value {
  const [, , height, width] = (skip ?? x).shape;
  return g.resize(x, { sizes: [Number(height), Number(width)] }, { mode: "nearest" });
}
