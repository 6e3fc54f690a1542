/**
 * @file The denoising U-Net of Stable Diffusion 1.x and 2.x, authored only as far as the last value asked for.
 * Source: diffusers `UNet2DConditionModel.forward`; Rombach et al. 2022.
 */
import { GraphBuilder } from "../../graph/graph-builder";
import type { Graph, GraphOptions } from "../../graph/graph-core";
import type { Value } from "../../graph/value";
import { silu } from "../../nn/activations";
import { conv2d } from "../../nn/conv2d";
import { groupNorm } from "../../nn/group-norm";
import { sinusoidalTimestepEmbedding, timestepEmbedding } from "../../nn/timestep-embedding";
import type { WeightScope } from "../../weights/weight-scope";
import { hasAttention, type UNet2DConditionConfig } from "./config";
import { collectTaps, type Emission } from "./tap-collector";
import { downBlock, midBlock, upBlock, type Conditioning, type UNetBlockConfig } from "./unet-blocks";

export interface UNetGraphOptions extends GraphOptions {
  /** Height and width of the latent. */
  readonly height: number;
  readonly width: number;
  /** Length of the text, in tokens. */
  readonly textTokens: number;
  /** Names of the values to give out, see `TapPoint`. */
  readonly taps: readonly string[];
}

/**
 * Authors the U-Net up to the last of `taps`.
 * Inputs: `sample` [N, C, H, W], `timestep` [N], `encoder_hidden_states` [N, S, C_text], all float32. Outputs: one for every tap, under its name.
 *
 * @throws tap/unknown, weights/missing-tensor, weights/shape-mismatch
 */
export function buildUNet(weights: WeightScope, config: UNet2DConditionConfig, options: UNetGraphOptions): Graph {
  const g = new GraphBuilder(options);
  const sample = g.input("sample", "float32", ["N", config.inChannels, options.height, options.width]);
  const timestep = g.input("timestep", "float32", ["N"]);
  const text = g.input("encoder_hidden_states", "float32", ["N", options.textTokens, config.crossAttentionDim[0] ?? 0]);
  collectTaps(g, unet(g, { sample, timestep, text }, weights, config), options.taps);
  return g.build();
}

interface UNetInputs {
  readonly sample: Value;
  readonly timestep: Value;
  readonly text: Value;
}

function* unet(g: GraphBuilder, inputs: UNetInputs, weights: WeightScope, config: UNet2DConditionConfig): Emission<Value> {
  const temb = yield* timeEmbedding(g, inputs.timestep, weights.scope("time_embedding"), config);
  const conditioning: Conditioning = { temb, text: inputs.text };
  const blocks = config.blockOutChannels.length;
  const firstChannels = config.blockOutChannels[0] ?? 0;

  let x = conv2d(g, inputs.sample, weights.scope("conv_in"), { outChannels: firstChannels, kernelSize: 3, padding: 1 });
  const convIn = x;
  yield { name: "conv_in", emit: () => convIn };
  const skips = [x];
  for (let i = 0; i < blocks; i++) {
    x = yield* downBlock(g, x, conditioning, weights.scope(`down_blocks.${i}`), {
      ...blockConfig(config, i, config.downBlockTypes[i]),
      resamples: i < blocks - 1,
      skips,
    });
  }
  x = yield* midBlock(g, x, conditioning, weights.scope("mid_block"), {
    ...blockConfig(config, blocks - 1, "CrossAttnDownBlock2D"),
    layers: 1,
  });
  for (let i = 0; i < blocks; i++) {
    const mirrored = blockConfig(config, blocks - 1 - i, config.upBlockTypes[i]);
    x = yield* upBlock(g, x, conditioning, weights.scope(`up_blocks.${i}`), {
      ...mirrored,
      layers: mirrored.layers + 1,
      resamples: i < blocks - 1,
      skips,
    });
  }
  x = groupNorm(g, x, weights.scope("conv_norm_out"), { numGroups: config.normNumGroups, eps: config.normEps });
  const out = conv2d(g, silu(g, x), weights.scope("conv_out"), { outChannels: config.outChannels, kernelSize: 3, padding: 1 });
  yield { name: "conv_out", emit: () => out };
  return out;
}

/** The activated time embedding [N, 4 * C]; every residual block starts with that activation, so it is taken once. */
function* timeEmbedding(g: GraphBuilder, timestep: Value, weights: WeightScope, config: UNet2DConditionConfig): Emission<Value> {
  const channels = config.blockOutChannels[0] ?? 0;
  const projected = sinusoidalTimestepEmbedding(g, timestep, {
    channels,
    flipSinToCos: config.flipSinToCos,
    downscaleFreqShift: config.freqShift,
  });
  yield { name: "time_proj", emit: () => projected };
  const embedding = timestepEmbedding(g, projected, weights);
  yield { name: "time_embedding", emit: () => embedding };
  return silu(g, embedding);
}

function blockConfig(config: UNet2DConditionConfig, index: number, blockType: string | undefined): Omit<UNetBlockConfig, "resamples"> {
  const outChannels = config.blockOutChannels[index] ?? 0;
  const transformer = {
    channels: outChannels,
    heads: config.numAttentionHeads[index] ?? 1,
    layers: config.transformerLayersPerBlock[index] ?? 1,
    numGroups: config.normNumGroups,
    useLinearProjection: config.useLinearProjection,
  };
  return {
    outChannels,
    layers: config.layersPerBlock[index] ?? 0,
    numGroups: config.normNumGroups,
    eps: config.normEps,
    transformer: blockType !== undefined && hasAttention(blockType) ? transformer : null,
  };
}
