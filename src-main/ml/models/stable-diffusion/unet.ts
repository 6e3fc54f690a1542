/**
 * @file The denoising U-Net of Stable Diffusion 1.x, 2.x and XL, authored only as far as the last value asked for.
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
import { timeIdCount, type AdditionEmbedConfig, type UNet2DConditionConfig } from "./config";
import { collectTaps, passedTaps, tap, type Emission, type TapFacts } from "./tap-collector";
import type { ImageAttention, TransformerContext } from "./transformer";
import { downBlock, midBlock, upBlock, type Conditioning, type UNetBlockConfig } from "./unet-blocks";

export interface UNetGraphOptions extends GraphOptions {
  /** Height and width of the latent. */
  readonly height: number;
  readonly width: number;
  /** Length of the text, in tokens. */
  readonly textTokens: number;
  /** Names of the values to give out, see `TapPoint`. */
  readonly taps: readonly string[];
  /** Every attention to the text also looks at an image, as an IP-Adapter has it. */
  readonly image?: ImageAttention | null;
}

/**
 * Authors the U-Net up to the last of `taps`.
 * Inputs: `sample` [N, C, H, W], `timestep` [N], `encoder_hidden_states` [N, S, C_text], all float32; for SDXL also the pooled prompt `text_embeds` [N, P] and
 * `time_ids` [N, 6]; with an image two for every attention to the text that is reached, see `imageAttentionInputs`. Outputs: one for every tap, under its name.
 *
 * @throws tap/unknown, weights/missing-tensor, weights/shape-mismatch
 */
export function buildUNet(weights: WeightScope, config: UNet2DConditionConfig, options: UNetGraphOptions): Graph {
  const g = new GraphBuilder(options);
  collectTaps(g, emission(g, weights, config, options), options.taps);
  return g.build();
}

/** Every value of the U-Net that may be tapped, in execution order, with its shape for one row. Throws as {@link buildUNet}; no weights are read. */
export function listUNetTaps(
  weights: WeightScope,
  config: UNet2DConditionConfig,
  options: Omit<UNetGraphOptions, "taps">,
): readonly TapFacts[] {
  const g = new GraphBuilder(options);
  return passedTaps(emission(g, weights, config, options));
}

/** The emission of the whole network, with its inputs declared. */
function emission(
  g: GraphBuilder,
  weights: WeightScope,
  config: UNet2DConditionConfig,
  options: Omit<UNetGraphOptions, "taps">,
): Emission<Value> {
  const sample = g.input("sample", "float32", ["N", config.inChannels, options.height, options.width]);
  const timestep = g.input("timestep", "float32", ["N"]);
  const text = g.input("encoder_hidden_states", "float32", ["N", options.textTokens, config.crossAttentionDim[0] ?? 0]);
  const addition = config.additionEmbed === null ? null : additionInputs(g, config.additionEmbed);
  return unet(g, { sample, timestep, addition, text, image: options.image ?? null }, weights, config);
}

interface UNetInputs extends TransformerContext {
  readonly sample: Value;
  readonly timestep: Value;
  readonly addition: AdditionInputs | null;
}

/** What SDXL is told beside the prompt's states. */
interface AdditionInputs {
  readonly textEmbeds: Value;
  readonly timeIds: Value;
}

function additionInputs(g: GraphBuilder, { textEmbedDim }: AdditionEmbedConfig): AdditionInputs {
  return {
    textEmbeds: g.input("text_embeds", "float32", ["N", textEmbedDim]),
    timeIds: g.input("time_ids", "float32", ["N", timeIdCount]),
  };
}

function* unet(g: GraphBuilder, inputs: UNetInputs, weights: WeightScope, config: UNet2DConditionConfig): Emission<Value> {
  yield tap("sample", inputs.sample);
  const temb = yield* timeEmbedding(g, inputs, weights, config);
  const conditioning: Conditioning = { temb, text: inputs.text, image: inputs.image };
  const blocks = config.blockOutChannels.length;
  const firstChannels = config.blockOutChannels[0] ?? 0;

  let x = conv2d(g, inputs.sample, weights.scope("conv_in"), { outChannels: firstChannels, kernelSize: 3, padding: 1 });
  yield tap("conv_in", x);
  const skips = [x];
  for (let i = 0; i < blocks; i++) {
    x = yield* downBlock(g, x, conditioning, weights.scope(`down_blocks.${i}`), {
      ...blockConfig(config, i),
      transformerLayers: config.transformerLayers.down[i] ?? [],
      resamples: i < blocks - 1,
      skips,
    });
  }
  x = yield* midBlock(g, x, conditioning, weights.scope("mid_block"), midBlockConfig(config));
  for (let i = 0; i < blocks; i++) {
    const mirrored = blockConfig(config, blocks - 1 - i);
    x = yield* upBlock(g, x, conditioning, weights.scope(`up_blocks.${i}`), {
      ...mirrored,
      transformerLayers: config.transformerLayers.up[i] ?? [],
      layers: mirrored.layers + 1,
      resamples: i < blocks - 1,
      skips,
    });
  }
  x = groupNorm(g, x, weights.scope("conv_norm_out"), { numGroups: config.normNumGroups, eps: config.normEps });
  yield tap("conv_norm_out", x);
  const out = conv2d(g, silu(g, x), weights.scope("conv_out"), { outChannels: config.outChannels, kernelSize: 3, padding: 1 });
  yield tap("conv_out", out);
  return out;
}

/** The activated time embedding [N, 4 * C]; every residual block starts with that activation, so it is taken once. */
function* timeEmbedding(
  g: GraphBuilder,
  { timestep, addition }: UNetInputs,
  weights: WeightScope,
  config: UNet2DConditionConfig,
): Emission<Value> {
  const sinusoids = { flipSinToCos: config.flipSinToCos, downscaleFreqShift: config.freqShift };
  const projected = sinusoidalTimestepEmbedding(g, timestep, { ...sinusoids, channels: config.blockOutChannels[0] ?? 0 });
  yield tap("time_proj", projected);
  const embedding = timestepEmbedding(g, projected, weights.scope("time_embedding"));
  yield tap("time_embedding", embedding);
  if (addition === null || config.additionEmbed === null) return silu(g, embedding);
  const { timeEmbedDim } = config.additionEmbed;
  const times = sinusoidalTimestepEmbedding(g, addition.timeIds, { ...sinusoids, channels: timeEmbedDim }); // [N, 6, timeEmbedDim]
  const told = g.concat([addition.textEmbeds, g.reshape(times, ["N", timeIdCount * timeEmbedDim])], 1);
  const added = timestepEmbedding(g, told, weights.scope("add_embedding"));
  yield tap("add_embedding", added);
  return silu(g, g.add(embedding, added));
}

/** The block of the down half at `index`, and its mirror image of the up half. */
function blockConfig(config: UNet2DConditionConfig, index: number): Omit<UNetBlockConfig, "resamples" | "transformerLayers"> {
  const outChannels = config.blockOutChannels[index] ?? 0;
  return {
    outChannels,
    layers: config.layersPerBlock[index] ?? 0,
    numGroups: config.normNumGroups,
    eps: config.normEps,
    transformer: {
      channels: outChannels,
      heads: config.numAttentionHeads[index] ?? 1,
      numGroups: config.normNumGroups,
      useLinearProjection: config.useLinearProjection,
      onlyCrossAttention: config.onlyCrossAttention[index] ?? false,
    },
  };
}

function midBlockConfig(config: UNet2DConditionConfig): Omit<UNetBlockConfig, "resamples" | "layers"> {
  const last = blockConfig(config, config.blockOutChannels.length - 1);
  return { ...last, transformer: { ...last.transformer, onlyCrossAttention: false }, transformerLayers: config.transformerLayers.mid };
}
