import { describe, expect, test } from "vitest";
import { goldenCheckpoint } from "../../../../tests/support/goldens";
import { openModel } from "../../models/model-folder";
import { parseUNet2DConditionConfig } from "../../models/stable-diffusion/config";
import { diffsimXlAxes } from "./axes";
import { diffsimXlTap } from "./tap";

/** The U-Net of SDXL, as far as its attentions depend on it. */
const config = parseUNet2DConditionConfig({
  block_out_channels: [320, 640, 1280],
  down_block_types: ["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
  up_block_types: ["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"],
  transformer_layers_per_block: [1, 2, 10],
  attention_head_dim: [5, 10, 20],
});

test.each([
  ["down_blocks", [0, 0, 1], "down_blocks.1.attentions.0.transformer_blocks.1.attn1"],
  ["down_blocks", [1, 1, 9], "down_blocks.2.attentions.1.transformer_blocks.9.attn1"],
  ["mid_block", [0, 3], "mid_block.attentions.0.transformer_blocks.3.attn1"],
  ["up_blocks", [0, 2, 9], "up_blocks.0.attentions.2.transformer_blocks.9.attn1"],
  ["up_blocks", [1, 0, 0], "up_blocks.1.attentions.0.transformer_blocks.0.attn1"],
  ["down_blocks", undefined, "down_blocks.1.attentions.0.transformer_blocks.1.attn1"],
  ["mid_block", undefined, "mid_block.attentions.0.transformer_blocks.9.attn1"],
  ["up_blocks", undefined, "up_blocks.0.attentions.0.transformer_blocks.9.attn1"],
] as const)("%s %j is %s", (block, layer, path) => {
  expect(diffsimXlTap(config, block, layer)).toBe(path);
});

describe("what is none", () => {
  test.each([
    ["up_blocks", [2, 0, 0]],
    ["up_blocks", [0, 3, 0]],
    ["up_blocks", [0, 0, 10]],
    ["down_blocks", [0, 0, 2]],
    ["mid_block", [1, 0]],
    ["mid_block", [0, -1]],
    ["up_blocks", [0.5, 0, 0]],
  ] as const)("%s %j: the error names what there is", (block, layer) => {
    expect(() => diffsimXlTap(config, block, layer)).toThrow(
      expect.objectContaining({ code: "tap/unknown", hint: expect.stringMatching(/0-[19]/) as string }),
    );
  });

  test.each([
    ["up_blocks", [0], "A layer of up_blocks of Stable Diffusion XL is 3 numbers, not 1."],
    ["mid_block", [0, 0, 0], "A layer of mid_block of Stable Diffusion XL is 2 numbers, not 3."],
    ["down_blocks", [], "A layer of down_blocks of Stable Diffusion XL is 3 numbers, not 0."],
  ] as const)("%s %j has another count of numbers", (block, layer, message) => {
    expect(() => diffsimXlTap(config, block, layer)).toThrow(expect.objectContaining({ code: "usage/invalid", message }));
  });
});

test("every attention that tuning offers is one", async () => {
  const model = await openModel(goldenCheckpoint("sdxl-tiny"));
  const unet = parseUNet2DConditionConfig(model.partConfig("unet"));
  const [taps] = diffsimXlAxes(model);
  const paths = taps?.alternatives.map(({ options }) => diffsimXlTap(unet, options.block ?? "up_blocks", options.layer));
  expect(paths).toHaveLength(2 + 2 + 1 + 3 + 3);
  expect(new Set(paths).size).toBe(paths?.length);
});
