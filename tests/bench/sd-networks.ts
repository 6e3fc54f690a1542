/** @file The networks of Stable Diffusion 1.5 as DiffSim uses them at 512 px: the U-Net cut at the tap, and the VAE encoder. */
import type { Graph } from "#main/ml/graph/graph-core";
import {
  parseAutoencoderKLConfig,
  parseUNet2DConditionConfig,
  timeIdCount,
  type UNet2DConditionConfig,
} from "#main/ml/models/stable-diffusion/config";
import { attentionTaps } from "#main/ml/models/stable-diffusion/tap-collector";
import { diffsimTap } from "#main/ml/models/stable-diffusion/taps";
import { buildUNet } from "#main/ml/models/stable-diffusion/unet";
import { buildVaeEncoder } from "#main/ml/models/stable-diffusion/vae-encoder";
import { elementCount, tensor, type Tensor } from "#main/ml/tensor/tensor";
import type { WeightScope } from "#main/ml/weights/weight-scope";
import { randomNumbers } from "../support/random-numbers";

const pixels = 512;
const latent = pixels / 8;

/** The published unet/config.json and vae/config.json, as far as they are no default. */
export const unetJson = { _class_name: "UNet2DConditionModel", cross_attention_dim: 768 };
export const vaeJson = {
  _class_name: "AutoencoderKL",
  block_out_channels: [128, 256, 512, 512],
  down_block_types: Array<string>(4).fill("DownEncoderBlock2D"),
  layers_per_block: 2,
};

const unetConfig = parseUNet2DConditionConfig(unetJson);
const vaeConfig = parseAutoencoderKLConfig(vaeJson);
const cut = attentionTaps(diffsimTap(unetConfig, "up_blocks", 0));

export interface BenchedNetwork {
  readonly title: string;
  readonly optimization: "extended" | "all";
  /** The graph as DiffSim runs it. */
  build(weights: WeightScope): Graph;
  /** The graph that reads every tensor of the file. */
  buildWhole(weights: WeightScope): Graph;
  feeds(): Record<string, Tensor>;
}

const unet = (weights: WeightScope, taps: readonly string[]) =>
  buildUNet(weights, unetConfig, { height: latent, width: latent, textTokens: 77, taps, attention: "fused" });
const vae = (weights: WeightScope) => buildVaeEncoder(weights, vaeConfig, { height: pixels, width: pixels, attention: "fused" });

export const benchedNetworks: Readonly<Record<string, BenchedNetwork>> = {
  unet: {
    title: "U-Net, cut at the tap",
    optimization: "extended",
    build: (weights) => unet(weights, cut),
    buildWhole: (weights) => unet(weights, ["conv_out"]),
    feeds: () => ({
      sample: randomInput([1, 4, latent, latent]),
      timestep: tensor([1], Float32Array.of(101)),
      encoder_hidden_states: randomInput([1, 77, 768]),
    }),
  },
  vae: {
    title: "VAE encoder",
    optimization: "all",
    build: vae,
    buildWhole: vae,
    feeds: () => ({ pixel_values: randomInput([1, 3, pixels, pixels]) }),
  },
};

/** Shapes of the layers whose width a graph takes from the file: the gated feed forward and the time embedding. */
export const knownShape = fileShapes(unetConfig);

/** The same for a U-Net of any configuration, as `tensorsOf` asks for them. */
export function fileShapes({ blockOutChannels, additionEmbed }: UNet2DConditionConfig) {
  const base = blockOutChannels[0] ?? 0;
  const told = additionEmbed === null ? 0 : additionEmbed.textEmbedDim + timeIdCount * additionEmbed.timeEmbedDim;
  return (path: string, shapes: ReadonlyMap<string, readonly number[]>): readonly number[] | null => {
    if (path.startsWith("time_embedding.")) return [4 * base, path.endsWith("1") ? base : 4 * base];
    if (path.startsWith("add_embedding.")) return [4 * base, path.endsWith("1") ? told : 4 * base];
    const channels = shapes.get(path.replace("ff.net.0.proj", "norm3.weight"))?.[0];
    return channels === undefined ? null : [8 * channels, channels];
  };
}

/** Numbers for an input. */
export function randomInput(shape: readonly number[]): Tensor {
  return tensor(shape, randomNumbers(elementCount(shape), 1));
}
