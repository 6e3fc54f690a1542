/** @file The U-Net of Stable Diffusion XL as DiffSim-XL uses it at 512 px, cut at the last self-attention of the first up block: the deepest of its usual taps. */
import { parseUNet2DConditionConfig } from "#main/ml/models/stable-diffusion/config";
import { attentionTaps } from "#main/ml/models/stable-diffusion/tap-collector";
import { buildUNet } from "#main/ml/models/stable-diffusion/unet";
import { diffsimXlTap } from "#main/ml/metrics/diffsim-xl/tap";
import { tensor } from "#main/ml/tensor/tensor";
import type { WeightScope } from "#main/ml/weights/weight-scope";
import { randomInput, type BenchedNetwork } from "./sd-networks";

const pixels = 512;
const latent = pixels / 8;

/** What the published unet/config.json says, as far as it is no default. */
export const xlConfig = parseUNet2DConditionConfig({
  addition_embed_type: "text_time",
  addition_time_embed_dim: 256,
  attention_head_dim: [5, 10, 20],
  block_out_channels: [320, 640, 1280],
  cross_attention_dim: 2048,
  down_block_types: ["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
  projection_class_embeddings_input_dim: 2816,
  sample_size: 128,
  transformer_layers_per_block: [1, 2, 10],
  up_block_types: ["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"],
  use_linear_projection: true,
});

const unet = (weights: WeightScope, taps: readonly string[]) =>
  buildUNet(weights, xlConfig, { height: latent, width: latent, textTokens: 77, taps, attention: "fused" });

export const xlUNet: BenchedNetwork = {
  title: "U-Net of XL, cut at the tap",
  optimization: "extended",
  build: (weights) => unet(weights, attentionTaps(diffsimXlTap(xlConfig, "up_blocks", [0, 2, 9]))),
  buildWhole: (weights) => unet(weights, ["conv_out"]),
  feeds: () => ({
    sample: randomInput([1, 4, latent, latent]),
    timestep: tensor([1], Float32Array.of(100)),
    encoder_hidden_states: randomInput([1, 77, 2048]),
    text_embeds: randomInput([1, 1280]),
    time_ids: tensor([1, 6], Float32Array.of(pixels, pixels, 0, 0, pixels, pixels)),
  }),
};
