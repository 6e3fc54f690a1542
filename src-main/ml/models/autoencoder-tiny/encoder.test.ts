/** @file Which files are encoders of a tiny autoencoder; its numbers are compared in tests/golden. */
import { describe, expect, test } from "vitest";
import { goldenCheckpoint } from "../../../../tests/support/goldens";
import { scopeOfShapes } from "../../../../tests/support/scope-of-shapes";
import { openCheckpoint } from "../../weights/checkpoint";
import { isAutoencoderTiny, isTinyEncoder, parseAutoencoderTinyConfig } from "./config";
import { buildTinyEncoder } from "./encoder";

const config = parseAutoencoderTinyConfig({});
const size = { height: 16, width: 16 };

test("the usual values stand for what a configuration leaves out", () => {
  expect(config).toEqual({ latentChannels: 4, scalingFactor: 1 });
  expect([
    isAutoencoderTiny({ _class_name: "AutoencoderTiny" }),
    isAutoencoderTiny({ _class_name: "AutoencoderKL" }),
    isAutoencoderTiny(null),
  ]).toEqual([true, false, false]);
});

test.each([{ act_fn: "silu" }, { shift_factor: 0.1 }, { in_channels: 4 }, { scaling_factor: 0 }])("%j is refused by name", (wrong) => {
  expect(() => parseAutoencoderTinyConfig(wrong)).toThrow(Object.keys(wrong)[0]);
});

test.each(["taesd-tiny", "taesd-tiny-original", "sd15-tiny/vae"])("%s is told by its tensors", async (name) => {
  expect(isTinyEncoder((await openCheckpoint(goldenCheckpoint(name))).tensors)).toBe(name.startsWith("taesd"));
});

describe("files that are no such encoder", () => {
  const conv = (name: string, bias = true) => ({ [`${name}.weight`]: [8, 8, 3, 3], ...(bias ? { [`${name}.bias`]: [8] } : {}) });
  const block = (name: string) => ({ ...conv(`${name}.conv.0`), ...conv(`${name}.conv.2`), ...conv(`${name}.conv.4`) });

  test("a decoder, which begins with a layer without weights", () => {
    const decoder = {
      ...conv("1"),
      ...block("2"),
      ...conv("3", false),
      ...block("4"),
      ...conv("5", false),
      ...block("6"),
      ...conv("7", false),
      ...conv("8"),
    };
    expect(() => buildTinyEncoder(scopeOfShapes(decoder), config, size)).toThrow(/halve a picture/);
  });

  test("one that halves more often", () => {
    const layers = { ...conv("0"), ...conv("1", false), ...conv("2", false), ...conv("3", false), ...conv("4", false), ...conv("5") };
    expect(() => buildTinyEncoder(scopeOfShapes(layers), config, size)).toThrow("halve a picture 4 times, not 3 times");
  });

  test("one of other latents", async () => {
    const weights = (await openCheckpoint(goldenCheckpoint("taesd-tiny"))).scope();
    expect(() => buildTinyEncoder(weights, { ...config, latentChannels: 16 }, size)).toThrow(/encoder\.layers\.14\.weight is \[4,/);
  });
});
