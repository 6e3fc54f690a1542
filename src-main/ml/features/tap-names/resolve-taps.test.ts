import { describe, expect, test } from "vitest";
import { cleanDiftPaths } from "./module-path";
import { resolveTaps, tapNames, type TapVocabulary } from "./resolve-taps";
import { vocabularyName } from "./vocabulary";

const block = "up_blocks.0.attentions.0.transformer_blocks.1";
const vocabulary: TapVocabulary = {
  kind: "stable-diffusion",
  paths: [
    "sample",
    "conv_in",
    "mid_block",
    "up_blocks.0.resnets.0",
    "up_blocks.0.attentions.0",
    `${block}.attn1.q`,
    `${block}.attn2.k`,
    block,
    "up_blocks.0",
  ],
};
const pathOf = (name: string) => resolveTaps(vocabulary, [name])[0]?.path;

describe("one value by many names", () => {
  test.each([
    ["unet-in", "sample"],
    ["unet-after-conv-in", "conv_in"],
    ["up-level0-repeat0-vit-block1-self-q", `${block}.attn1.q`],
    ["up_blocks[0].attentions[0].transformer_blocks[1].attn1.to_q", `${block}.attn1.q`],
    [`${block}.attn1.q`, `${block}.attn1.q`],
    ["up-level0-repeat0-vit-block1-out", block],
    ["up-level0-repeat0-vit-out", "up_blocks.0.attentions.0"],
    ["up_blocks[0]", "up_blocks.0"],
    ["mid", "mid_block"],
    ["us1", "up_blocks.0.attentions.0"],
  ])("%s", (name, path) => expect(pathOf(name)).toBe(path));

  test("each name once, in the order asked for, with its place in the network", () => {
    const taps = resolveTaps(vocabulary, ["up_blocks[0]", "mid_block", "up_blocks[0]"]);
    expect(taps).toEqual([
      { name: "up_blocks[0]", path: "up_blocks.0", place: 8 },
      { name: "mid_block", path: "mid_block", place: 2 },
    ]);
  });

  test("keys and values of the text have no activation's name, as the published code drops them", () => {
    expect(vocabularyName(`${block}.attn2.k`)).toBeNull();
    expect([...tapNames(vocabulary).activations.values()]).not.toContain(`${block}.attn2.k`);
  });
});

describe("keys of CleanDIFT", () => {
  test("every third is the upsampler; blocks without transformers give residual blocks", () => {
    expect(cleanDiftPaths("us3", 4)).toEqual(["up_blocks.0.upsamplers.0"]);
    expect(cleanDiftPaths("us5", 4)).toEqual(["up_blocks.1.attentions.1", "up_blocks.1.resnets.1"]);
    expect(cleanDiftPaths("us10", 4)[0]).toBe("up_blocks.3.attentions.0");
  });

  test.each(["us0", "us01", "us11", "us-1", "us", "us1e1"])("%s is none", (name) => expect(cleanDiftPaths(name, 4)).toEqual([]));
});

describe("names there are not", () => {
  test.each(["", "constructor", "__proto__", "up_blocks[1]", "up-level0-repeat0-vit-block1-cross-k", "us2", "sample.q"])("%j", (name) => {
    expect(() => pathOf(name)).toThrow(expect.objectContaining({ code: "tap/unknown", message: `This U-Net has no tap "${name}".` }));
  });

  test("the nearest are told", () => {
    expect(() => pathOf("up_block[0]")).toThrow(
      expect.objectContaining({ hint: expect.stringMatching(/nearest: up_blocks\.0/) as string }),
    );
    expect(() => pathOf("practicl")).toThrow(expect.objectContaining({ hint: expect.stringMatching(/nearest: practical/) as string }));
  });

  test("of a set that the network is too small for, the first missing one is told", () => {
    expect(() => pathOf("practical")).toThrow(/no tap "up-level1-repeat1-vit-block0-cross-q"/);
  });
});
