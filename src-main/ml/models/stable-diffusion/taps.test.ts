import { describe, expect, test } from "vitest";
import { parseUNet2DConditionConfig } from "./config";
import { diffsimTap } from "./taps";

const sd15 = parseUNet2DConditionConfig({ cross_attention_dim: 768 });

describe("DiffSim's block and layer as module path", () => {
  test.each([
    ["down_blocks", 0, "down_blocks.0.attentions.1.transformer_blocks.0.attn1"],
    ["down_blocks", 2, "down_blocks.2.attentions.1.transformer_blocks.0.attn1"],
    ["mid_block", 7, "mid_block.attentions.0.transformer_blocks.0.attn1"],
    ["up_blocks", 0, "up_blocks.1.attentions.2.transformer_blocks.0.attn1"],
    ["up_blocks", 2, "up_blocks.3.attentions.2.transformer_blocks.0.attn1"],
  ] as const)("%s %d", (block, layer, path) => expect(diffsimTap(sd15, block, layer)).toBe(path));

  test("the last transformer block of deeper transformers", () => {
    const deep = parseUNet2DConditionConfig({ layers_per_block: [1, 1, 3, 1], transformer_layers_per_block: [1, 2, 4, 1] });
    expect(diffsimTap(deep, "down_blocks", 1)).toBe("down_blocks.1.attentions.0.transformer_blocks.1.attn1");
    expect(diffsimTap(deep, "up_blocks", 0)).toBe("up_blocks.1.attentions.3.transformer_blocks.3.attn1");
  });

  test.each([
    ["down_blocks", 3],
    ["up_blocks", -1],
    ["up_blocks", 0.5],
  ] as const)("%s %d does not exist and the legal ones are listed", (block, layer) => {
    expect(() => diffsimTap(sd15, block, layer)).toThrow(
      expect.objectContaining({ code: "tap/unknown", hint: "Layers with attention: 0, 1, 2." }),
    );
  });

  test("a middle block without attention has none", () => {
    const plain = parseUNet2DConditionConfig({ mid_block_type: "UNetMidBlock2D" });
    expect(() => diffsimTap(plain, "mid_block", 0)).toThrow(expect.objectContaining({ hint: "It has no attention." }));
  });

  test("blocks without attention are no layers", () => {
    const sparse = parseUNet2DConditionConfig({
      down_block_types: ["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"],
    });
    expect(() => diffsimTap(sparse, "down_blocks", 0)).toThrow(expect.objectContaining({ hint: "Layers with attention: 1, 2." }));
  });
});
