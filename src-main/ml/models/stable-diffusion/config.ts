/**
 * @file The two configurations of a Stable Diffusion folder, read from their config.json with diffusers' names (in camelCase) and diffusers' defaults.
 * Source: diffusers 0.29 `UNet2DConditionModel.__init__` and `AutoencoderKL.__init__`; the short historical files of SD 1.x leave most keys out.
 */
import { z } from "zod";
import { appError } from "#shared/domain/app-error";
import { layerCount, parseModelConfig, positiveInteger } from "../parse-config";
import { transformerLayers, transformerLayersSchema, type TransformerLayers } from "./transformer-layers";

const perBlock = z.union([positiveInteger, z.array(positiveInteger)]);

/** What SDXL's U-Net is told beside the prompt's states: the pooled prompt and six numbers about the size of the picture. */
export interface AdditionEmbedConfig {
  /** Width of the sinusoids of each of the six `time_ids`. */
  readonly timeEmbedDim: number;
  /** Width of the pooled prompt, `text_embeds`. */
  readonly textEmbedDim: number;
}

/** `UNet2DConditionModel` as far as SD 1.x, 2.x and SDXL use it. Per-block numbers are expanded to one entry a block, in down order. */
export interface UNet2DConditionConfig {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly sampleSize: number;
  readonly blockOutChannels: readonly number[];
  readonly downBlockTypes: readonly string[];
  readonly upBlockTypes: readonly string[];
  readonly layersPerBlock: readonly number[];
  readonly transformerLayers: TransformerLayers;
  /** Heads of each block. diffusers calls the field `attention_head_dim`; for SD 1.5 its 8 means 8 heads. */
  readonly numAttentionHeads: readonly number[];
  readonly crossAttentionDim: readonly number[];
  /** Whether the first attention of a block's transformers looks at the prompt too; the middle block's never does. */
  readonly onlyCrossAttention: readonly boolean[];
  /** `null` where `addition_embed_type` is: everything but SDXL. */
  readonly additionEmbed: AdditionEmbedConfig | null;
  readonly normNumGroups: number;
  readonly normEps: number;
  readonly useLinearProjection: boolean;
  readonly flipSinToCos: boolean;
  readonly freqShift: number;
}

/** The encoder half of `AutoencoderKL`. */
export interface AutoencoderKLConfig {
  readonly inChannels: number;
  readonly latentChannels: number;
  readonly blockOutChannels: readonly number[];
  readonly layersPerBlock: number;
  readonly normNumGroups: number;
  readonly scalingFactor: number;
  readonly useQuantConv: boolean;
  readonly midBlockAddAttention: boolean;
}

/** Fields whose every other value would change the network in a way that is not built here. `null` and absent count as the first value. */
const unetSupported: Readonly<Record<string, readonly unknown[]>> = {
  act_fn: ["silu", "swish"],
  addition_embed_type: [null, "text_time"],
  attention_type: ["default"],
  center_input_sample: [false],
  class_embed_type: [null],
  conv_in_kernel: [3],
  conv_out_kernel: [3],
  cross_attention_norm: [null],
  downsample_padding: [1],
  dual_cross_attention: [false],
  encoder_hid_dim: [null],
  encoder_hid_dim_type: [null],
  mid_block_scale_factor: [1],
  mid_block_type: ["UNetMidBlock2DCrossAttn", "UNetMidBlock2D"],
  num_class_embeds: [null],
  resnet_out_scale_factor: [1],
  resnet_skip_time_act: [false],
  resnet_time_scale_shift: ["default"],
  time_embedding_act_fn: [null],
  time_embedding_dim: [null],
  time_embedding_type: ["positional"],
  timestep_post_act: [null],
};

const vaeSupported: Readonly<Record<string, readonly unknown[]>> = {
  act_fn: ["silu", "swish"],
  latents_mean: [null],
  latents_std: [null],
  shift_factor: [null, 0],
};

const unetSchema = z.object({
  in_channels: positiveInteger.default(4),
  out_channels: positiveInteger.default(4),
  sample_size: positiveInteger.nullish(),
  block_out_channels: z.array(positiveInteger).min(1).default([320, 640, 1280, 1280]),
  down_block_types: z.array(z.string()).default(["CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"]),
  up_block_types: z.array(z.string()).default(["UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"]),
  layers_per_block: z.union([layerCount, z.array(layerCount)]).default(2),
  mid_block_type: z.string().nullish(),
  ...transformerLayersSchema,
  attention_head_dim: perBlock.default(8),
  num_attention_heads: perBlock.nullish(),
  cross_attention_dim: perBlock.default(1280),
  only_cross_attention: z.union([z.boolean(), z.array(z.boolean())]).nullish(),
  addition_embed_type: z.string().nullish(),
  addition_time_embed_dim: positiveInteger.nullish(),
  projection_class_embeddings_input_dim: positiveInteger.nullish(),
  norm_num_groups: positiveInteger.default(32),
  norm_eps: z.number().positive().default(1e-5),
  use_linear_projection: z.boolean().default(false),
  flip_sin_to_cos: z.boolean().default(true),
  freq_shift: z.number().default(0),
});

const vaeSchema = z.object({
  in_channels: positiveInteger.default(3),
  latent_channels: positiveInteger.default(4),
  block_out_channels: z.array(positiveInteger).min(1).default([64]),
  down_block_types: z.array(z.string()).default(["DownEncoderBlock2D"]),
  layers_per_block: positiveInteger.default(1),
  norm_num_groups: positiveInteger.default(32),
  scaling_factor: z.number().positive().default(0.18215),
  use_quant_conv: z.boolean().default(true),
  mid_block_add_attention: z.boolean().default(true),
});

/** Numbers SDXL is told about a picture: height and width of the original, top and left of the crop, height and width asked for. */
export const timeIdCount = 6;

const attentionBlocks = ["CrossAttnDownBlock2D", "CrossAttnUpBlock2D"];

/** Whether a block of this type holds transformers. */
export function hasAttention(blockType: string): boolean {
  return attentionBlocks.includes(blockType);
}

/**
 * Parses `unet/config.json`.
 *
 * @throws graph/unsupported-config naming the field and its value when the network is of a kind not built here (class-conditioned, with an image beside the prompt, ...)
 */
export function parseUNet2DConditionConfig(json: unknown): UNet2DConditionConfig {
  const config = parseModelConfig("unet/config.json", unetSchema, json);
  refuseUnsupported("unet/config.json", unetSupported, json);
  const blocks = config.block_out_channels.length;
  const expand = <Item extends number | boolean>(field: string, value: Item | readonly Item[]) =>
    expandPerBlock("unet/config.json", { field, value, blocks });
  requireBlockTypes("down_block_types", config.down_block_types, ["CrossAttnDownBlock2D", "DownBlock2D"], blocks);
  requireBlockTypes("up_block_types", config.up_block_types, ["CrossAttnUpBlock2D", "UpBlock2D"], blocks);
  const layersPerBlock = expand("layers_per_block", config.layers_per_block);
  return {
    inChannels: config.in_channels,
    outChannels: config.out_channels,
    sampleSize: config.sample_size ?? 64,
    blockOutChannels: config.block_out_channels,
    downBlockTypes: config.down_block_types,
    upBlockTypes: config.up_block_types,
    layersPerBlock,
    transformerLayers: transformerLayers({
      ...config,
      layersPerBlock,
      hasMidAttention: config.mid_block_type !== "UNetMidBlock2D",
      downHasAttention: config.down_block_types.map(hasAttention),
      upHasAttention: config.up_block_types.map(hasAttention),
    }),
    numAttentionHeads: expand("attention_head_dim", config.num_attention_heads ?? config.attention_head_dim),
    crossAttentionDim: expand("cross_attention_dim", config.cross_attention_dim),
    onlyCrossAttention: expand("only_cross_attention", config.only_cross_attention ?? false),
    additionEmbed: additionEmbed(config),
    normNumGroups: config.norm_num_groups,
    normEps: config.norm_eps,
    useLinearProjection: config.use_linear_projection,
    flipSinToCos: config.flip_sin_to_cos,
    freqShift: config.freq_shift,
  };
}

/**
 * Parses `vae/config.json`.
 *
 * @throws graph/unsupported-config naming the field and its value
 */
export function parseAutoencoderKLConfig(json: unknown): AutoencoderKLConfig {
  const config = parseModelConfig("vae/config.json", vaeSchema, json);
  refuseUnsupported("vae/config.json", vaeSupported, json);
  for (const type of config.down_block_types) {
    if (type !== "DownEncoderBlock2D") throw unsupported("vae/config.json", "down_block_types", type);
  }
  return {
    inChannels: config.in_channels,
    latentChannels: config.latent_channels,
    blockOutChannels: config.block_out_channels,
    layersPerBlock: config.layers_per_block,
    normNumGroups: config.norm_num_groups,
    scalingFactor: config.scaling_factor,
    useQuantConv: config.use_quant_conv,
    midBlockAddAttention: config.mid_block_add_attention,
  };
}

function refuseUnsupported(file: string, supported: Readonly<Record<string, readonly unknown[]>>, json: unknown): void {
  const fields = json as Readonly<Record<string, unknown>>;
  for (const [field, values] of Object.entries(supported)) {
    const value = fields[field] ?? values[0];
    if (!values.includes(value)) throw unsupported(file, field, value);
  }
}

function requireBlockTypes(field: string, types: readonly string[], known: readonly string[], blocks: number): void {
  const unknown = types.find((type) => !known.includes(type));
  if (unknown !== undefined) throw unsupported("unet/config.json", field, unknown);
  if (types.length !== blocks) throw unsupported("unet/config.json", field, types);
}

function expandPerBlock<Item extends number | boolean>(
  file: string,
  { field, value, blocks }: { field: string; value: Item | readonly Item[]; blocks: number },
): readonly Item[] {
  if (typeof value !== "object") return Array.from({ length: blocks }, () => value);
  if (value.length !== blocks) throw unsupported(file, field, value);
  return value;
}

/** The projection takes the pooled prompt and the sinusoids of the six numbers, side by side. */
function additionEmbed(config: z.infer<typeof unetSchema>): AdditionEmbedConfig | null {
  if ((config.addition_embed_type ?? null) === null) return null;
  const { addition_time_embed_dim: timeEmbedDim, projection_class_embeddings_input_dim: inputDim } = config;
  if (timeEmbedDim === null || timeEmbedDim === undefined || timeEmbedDim % 2 !== 0)
    throw unsupported("unet/config.json", "addition_time_embed_dim", timeEmbedDim ?? null);
  const textEmbedDim = (inputDim ?? 0) - timeIdCount * timeEmbedDim;
  if (textEmbedDim <= 0) throw unsupported("unet/config.json", "projection_class_embeddings_input_dim", inputDim ?? null);
  return { timeEmbedDim, textEmbedDim };
}

function unsupported(file: string, field: string, value: unknown) {
  return appError("graph/unsupported-config", `${file}: "${field}" is ${JSON.stringify(value)}, which is not supported.`, {
    hint: "Text-to-image models of Stable Diffusion 1.x, 2.x and SDXL are supported.",
  });
}
