/**
 * @file The down, middle and up blocks of the U-Net.
 * Source: diffusers `DownBlock2D`, `CrossAttnDownBlock2D`, `UNetMidBlock2DCrossAttn`, `UpBlock2D`, `CrossAttnUpBlock2D`, `Downsample2D`, `Upsample2D`.
 */
import type { GraphBuilder } from "../../graph/graph-builder";
import type { Value } from "../../graph/value";
import { conv2d } from "../../nn/conv2d";
import type { WeightScope } from "../../weights/weight-scope";
import { resnetBlock } from "./resnet-block";
import type { Emission } from "./tap-collector";
import { transformer2D, type TransformerConfig } from "./transformer";

/** What every block sees beside its input: the activated time embedding [B, C_temb] and the text [B, S, C_text]. */
export interface Conditioning {
  readonly temb: Value;
  readonly text: Value;
}

export interface UNetBlockConfig {
  readonly outChannels: number;
  readonly layers: number;
  readonly numGroups: number;
  readonly eps: number;
  /** `null` for a block without attention. */
  readonly transformer: TransformerConfig | null;
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
    h = resnetBlock(g, h, conditioning.temb, weights.scope(`resnets.${i}`), config);
    if (config.transformer !== null)
      h = yield* transformer2D(g, h, conditioning.text, weights.scope(`attentions.${i}`), config.transformer);
    config.skips.push(h);
  }
  if (config.resamples) {
    h = conv2d(g, h, weights.scope("downsamplers.0.conv"), { outChannels: config.outChannels, kernelSize: 3, stride: 2, padding: 1 });
    config.skips.push(h);
  }
  yield { name: weights.path, emit: () => h };
  return h;
}

/** Emits the middle block: residual block, then `transformer` and residual block as often as there are layers. */
export function* midBlock(
  g: GraphBuilder,
  x: Value,
  conditioning: Conditioning,
  weights: WeightScope,
  config: Omit<UNetBlockConfig, "resamples">,
): Emission<Value> {
  let h = resnetBlock(g, x, conditioning.temb, weights.scope("resnets.0"), config);
  for (let i = 0; i < config.layers; i++) {
    if (config.transformer !== null)
      h = yield* transformer2D(g, h, conditioning.text, weights.scope(`attentions.${i}`), config.transformer);
    h = resnetBlock(g, h, conditioning.temb, weights.scope(`resnets.${i + 1}`), config);
  }
  yield { name: weights.path, emit: () => h };
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
    h = resnetBlock(g, h, conditioning.temb, weights.scope(`resnets.${i}`), config);
    if (config.transformer !== null)
      h = yield* transformer2D(g, h, conditioning.text, weights.scope(`attentions.${i}`), config.transformer);
  }
  if (config.resamples) {
    h = conv2d(g, enlargeLike(g, h, config.skips.at(-1)), weights.scope("upsamplers.0.conv"), {
      outChannels: config.outChannels,
      kernelSize: 3,
      padding: 1,
    });
  }
  yield { name: weights.path, emit: () => h };
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
