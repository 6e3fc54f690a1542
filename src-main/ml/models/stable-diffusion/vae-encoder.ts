/**
 * @file The encoder half of the Stable Diffusion autoencoder: a picture to the mean and log variance of its latent.
 * Source: diffusers `AutoencoderKL.encode`, `Encoder`, `DownEncoderBlock2D`, `DiagonalGaussianDistribution`.
 */
import { GraphBuilder } from "../../graph/graph-builder";
import type { Graph, GraphOptions } from "../../graph/graph-core";
import type { Value } from "../../graph/value";
import { silu } from "../../nn/activations";
import { scaledDotProductAttention } from "../../nn/attention";
import { conv2d } from "../../nn/conv2d";
import { groupNorm } from "../../nn/group-norm";
import { linear } from "../../nn/linear";
import type { WeightScope } from "../../weights/weight-scope";
import type { AutoencoderKLConfig } from "./config";
import { resnetBlock, type ResnetBlockConfig } from "./resnet-block";

/** Every norm of the autoencoder. */
const eps = 1e-6;
const logVarianceRange = { min: -30, max: 20 };

/** The attention's projections as SD 1.x files call them: the names before diffusers 0.12 for today's. */
const formerNames = { to_q: "query", to_k: "key", to_v: "value", "to_out.0": "proj_attn" } as const;

export interface VaeEncoderGraphOptions extends GraphOptions {
  /** Size of the picture in pixels. */
  readonly height: number;
  readonly width: number;
}

/**
 * Authors the encoder. Input `pixel_values` [N, 3, H, W] in -1..1; outputs `mean` and `logvar` (clamped to -30..20), each [N, latentChannels, H/8, W/8].
 *
 * @throws weights/missing-tensor, weights/shape-mismatch
 */
export function buildVaeEncoder(weights: WeightScope, config: AutoencoderKLConfig, options: VaeEncoderGraphOptions): Graph {
  const g = new GraphBuilder(options);
  const pixels = g.input("pixel_values", "float32", ["N", config.inChannels, options.height, options.width]);
  let moments = encoder(g, pixels, weights.scope("encoder"), config);
  if (config.useQuantConv)
    moments = conv2d(g, moments, weights.scope("quant_conv"), { outChannels: 2 * config.latentChannels, kernelSize: 1 });
  const [mean, logvar] = g.split(moments, [config.latentChannels, config.latentChannels], 1);
  if (mean !== undefined) g.output("mean", mean);
  if (logvar !== undefined) g.output("logvar", g.clip(logvar, logVarianceRange.min, logVarianceRange.max));
  return g.build();
}

function encoder(g: GraphBuilder, pixels: Value, weights: WeightScope, config: AutoencoderKLConfig): Value {
  const block = (outChannels: number): ResnetBlockConfig => ({ outChannels, numGroups: config.normNumGroups, eps });
  const last = config.blockOutChannels.length - 1;
  let x = conv2d(g, pixels, weights.scope("conv_in"), { outChannels: config.blockOutChannels[0] ?? 0, kernelSize: 3, padding: 1 });
  for (const [i, channels] of config.blockOutChannels.entries()) {
    const down = weights.scope(`down_blocks.${i}`);
    for (let j = 0; j < config.layersPerBlock; j++) x = resnetBlock(g, x, null, down.scope(`resnets.${j}`), block(channels));
    // Padded at the right and the bottom only.
    if (i < last)
      x = conv2d(g, x, down.scope("downsamplers.0.conv"), { outChannels: channels, kernelSize: 3, stride: 2, padding: [0, 0, 1, 1] });
  }
  const channels = config.blockOutChannels[last] ?? 0;
  const mid = weights.scope("mid_block");
  x = resnetBlock(g, x, null, mid.scope("resnets.0"), block(channels));
  if (config.midBlockAddAttention) x = spatialAttention(g, x, mid.scope("attentions.0"), block(channels));
  x = resnetBlock(g, x, null, mid.scope("resnets.1"), block(channels));
  x = groupNorm(g, x, weights.scope("conv_norm_out"), block(channels));
  return conv2d(g, silu(g, x), weights.scope("conv_out"), { outChannels: 2 * config.latentChannels, kernelSize: 3, padding: 1 });
}

/** Attention of every pixel to every pixel, one head, over x [B, C, H, W]. */
function spatialAttention(g: GraphBuilder, x: Value, weights: WeightScope, config: ResnetBlockConfig): Value {
  const [batch = 1, channels = 1, height = 1, width = 1] = x.shape;
  const normed = groupNorm(g, x, weights.scope("group_norm"), config);
  const tokens = g.reshape(g.transpose(normed, [0, 2, 3, 1]), [batch, -1, channels]); // [B, H*W, C]
  const project = (input: Value, name: keyof typeof formerNames) =>
    linear(g, input, weights.scope(name, formerNames[name]), { outFeatures: config.outChannels });
  const attended = scaledDotProductAttention(g, project(tokens, "to_q"), project(tokens, "to_k"), project(tokens, "to_v"), { heads: 1 });
  const out = g.reshape(project(attended, "to_out.0"), [batch, height, width, channels]);
  return g.add(g.transpose(out, [0, 3, 1, 2]), x);
}
