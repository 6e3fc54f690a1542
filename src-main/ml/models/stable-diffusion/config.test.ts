import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AppError } from "#shared/domain/app-error";
import { parseAutoencoderKLConfig, parseUNet2DConditionConfig } from "./config";

describe("unet/config.json", () => {
  test("absent keys take diffusers' defaults", () => {
    expect(parseUNet2DConditionConfig({})).toEqual({
      inChannels: 4,
      outChannels: 4,
      sampleSize: 64,
      blockOutChannels: [320, 640, 1280, 1280],
      downBlockTypes: ["CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"],
      upBlockTypes: ["UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"],
      layersPerBlock: [2, 2, 2, 2],
      transformerLayers: {
        down: [[1, 1], [1, 1], [1, 1], []],
        mid: [1],
        up: [[], [1, 1, 1], [1, 1, 1], [1, 1, 1]],
      },
      numAttentionHeads: [8, 8, 8, 8],
      crossAttentionDim: [1280, 1280, 1280, 1280],
      onlyCrossAttention: [false, false, false, false],
      additionEmbed: null,
      normNumGroups: 32,
      normEps: 1e-5,
      useLinearProjection: false,
      flipSinToCos: true,
      freqShift: 0,
    });
  });

  test("attention_head_dim holds heads, for all blocks or for each; num_attention_heads goes first", () => {
    expect(parseUNet2DConditionConfig({ attention_head_dim: [5, 10, 20, 20] }).numAttentionHeads).toEqual([5, 10, 20, 20]);
    expect(parseUNet2DConditionConfig({ attention_head_dim: 64, num_attention_heads: 4 }).numAttentionHeads).toEqual([4, 4, 4, 4]);
  });

  test("SDXL: blocks without attention, deeper transformers, and what it is told beside the prompt", () => {
    const config = parseUNet2DConditionConfig({
      block_out_channels: [320, 640, 1280],
      down_block_types: ["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
      up_block_types: ["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"],
      transformer_layers_per_block: [1, 2, 10],
      addition_embed_type: "text_time",
      addition_time_embed_dim: 256,
      projection_class_embeddings_input_dim: 2816,
    });
    expect(config.transformerLayers).toEqual({
      down: [[], [2, 2], [10, 10]],
      mid: [10],
      up: [[10, 10, 10], [2, 2, 2], []],
    });
    expect(config.additionEmbed).toEqual({ timeEmbedDim: 256, textEmbedDim: 1280 });
  });

  test("a distilled SDXL states its transformers one by one, for each half", () => {
    const distilled = {
      block_out_channels: [320, 640, 1280],
      down_block_types: ["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
      up_block_types: ["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"],
      transformer_layers_per_block: [0, [2, 2], [4, 4]],
      reverse_transformer_layers_per_block: [[4, 4, 10], [2, 1, 1], 1],
      mid_block_type: "UNetMidBlock2D",
    };
    expect(parseUNet2DConditionConfig(distilled).transformerLayers).toEqual({
      down: [[], [2, 2], [4, 4]],
      mid: [],
      up: [[4, 4, 10], [2, 1, 1], []],
    });
    const oneHalf = { ...distilled, reverse_transformer_layers_per_block: null };
    expect(() => parseUNet2DConditionConfig(oneHalf)).toThrow("reverse_transformer_layers_per_block");
    expect(() => parseUNet2DConditionConfig({ ...distilled, transformer_layers_per_block: [0, [2], [4, 4]] })).toThrow("[2]");
  });

  test("blocks may look at the prompt alone", () => {
    const { onlyCrossAttention } = parseUNet2DConditionConfig({ only_cross_attention: [true, true, true, false] });
    expect(onlyCrossAttention).toEqual([true, true, true, false]);
  });

  test.each([
    ["addition_time_embed_dim", { projection_class_embeddings_input_dim: 2816 }],
    ["addition_time_embed_dim", { addition_time_embed_dim: 3, projection_class_embeddings_input_dim: 2816 }],
    ["projection_class_embeddings_input_dim", { addition_time_embed_dim: 256 }],
    ["projection_class_embeddings_input_dim", { addition_time_embed_dim: 256, projection_class_embeddings_input_dim: 1536 }],
  ])("SDXL without a fitting %s is refused", (field, rest) => {
    expect(() => parseUNet2DConditionConfig({ addition_embed_type: "text_time", ...rest })).toThrow(field);
  });

  test.each([
    ["addition_embed_type", "image"],
    ["class_embed_type", "timestep"],
    ["mid_block_scale_factor", 0.5],
    ["mid_block_type", "UNetMidBlock2DSimpleCrossAttn"],
    ["resnet_time_scale_shift", "scale_shift"],
    ["act_fn", "gelu"],
  ])("%s %j is refused by name and value", (field, value) => {
    const parse = () => parseUNet2DConditionConfig({ [field]: value });
    expect(parse).toThrow(expect.objectContaining({ code: "graph/unsupported-config" }));
    expect(parse).toThrow(`unet/config.json: "${field}" is ${JSON.stringify(value)}`);
  });

  test("unknown block types and lists of another length are refused", () => {
    expect(() =>
      parseUNet2DConditionConfig({ down_block_types: ["AttnDownBlock2D", "DownBlock2D", "DownBlock2D", "DownBlock2D"] }),
    ).toThrow("AttnDownBlock2D");
    expect(() => parseUNet2DConditionConfig({ up_block_types: ["UpBlock2D"] })).toThrow("up_block_types");
    expect(() => parseUNet2DConditionConfig({ attention_head_dim: [5, 10] })).toThrow("attention_head_dim");
  });

  test("a field of the wrong type is named", () => {
    expect(() => parseUNet2DConditionConfig({ norm_eps: "small" })).toThrow('field "norm_eps"');
    expect(() => parseUNet2DConditionConfig("text")).toThrow(expect.objectContaining({ code: "graph/unsupported-config" }));
  });
});

describe("vae/config.json", () => {
  test("absent keys take diffusers' defaults", () => {
    expect(parseAutoencoderKLConfig({ block_out_channels: [128, 256] })).toEqual({
      inChannels: 3,
      latentChannels: 4,
      blockOutChannels: [128, 256],
      layersPerBlock: 1,
      normNumGroups: 32,
      scalingFactor: 0.18215,
      useQuantConv: true,
      midBlockAddAttention: true,
    });
  });

  test("shifted latents and other blocks are refused", () => {
    expect(() => parseAutoencoderKLConfig({ shift_factor: 0.1159 })).toThrow("shift_factor");
    expect(() => parseAutoencoderKLConfig({ down_block_types: ["AttnDownEncoderBlock2D"] })).toThrow("AttnDownEncoderBlock2D");
  });
});

test("whatever a config.json holds, it is parsed or refused with a reason", () => {
  const field = fc.constantFrom(
    "block_out_channels",
    "down_block_types",
    "layers_per_block",
    "attention_head_dim",
    "act_fn",
    "norm_eps",
    "mid_block_type",
    "only_cross_attention",
    "transformer_layers_per_block",
    "reverse_transformer_layers_per_block",
    "addition_embed_type",
    "addition_time_embed_dim",
    "projection_class_embeddings_input_dim",
  );
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.dictionary(field, fc.jsonValue())), (json) => {
      for (const parse of [parseUNet2DConditionConfig, parseAutoencoderKLConfig]) {
        try {
          expect(parse(json).blockOutChannels.length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
        }
      }
    }),
  );
});
