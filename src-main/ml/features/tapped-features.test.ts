import { beforeAll, describe, expect, test } from "vitest";
import { largestDifference } from "../../../tests/support/compare-tensors";
import { goldenContext, goldenPair } from "../../../tests/support/golden-vision";
import type { RawImage } from "../../platform/raw-image";
import type { MetricContext } from "../metrics/metric";
import { reverseColumns } from "../tensor/reverse-columns";
import { tensor, type Float32Tensor } from "../tensor/tensor";
import { listTaps } from "./unet-features";
import { tappedFeatures, type TapOptions } from "./tapped-features";

let context: MetricContext;
let image: RawImage;
let mirrored: RawImage;
beforeAll(async () => {
  context = await goldenContext("sd15-tiny");
  // Of the size the network sees, so that squashing changes nothing.
  [image] = await goldenPair(["sd-stripes.png", "sd-stripes.png"]);
  const reversed = reverseColumns(tensor([image.data.length], Float32Array.from(image.data)), image.width, 3);
  mirrored = { ...image, data: Uint8Array.from(reversed.data) };
});

const block = "up_blocks.1.attentions.0.transformer_blocks.0";
const attention = `${block}.attn1`;
const run = (picture: RawImage, taps: readonly string[], rest: Partial<TapOptions> = {}) =>
  tappedFeatures(context, picture, { recipe: "cleandift", ...rest, taps, options: { size: 128, ...rest.options } });

describe("one value by several names", () => {
  test("split in heads by its module path, a map by the name of its projection and of the vocabulary", async () => {
    const features = await run(image, [`${attention}.q`, `${attention}.to_q`, "up-level1-repeat0-vit-block0-self-q"]);
    const [split, projection, activation] = [...features.values()];
    expect(split?.shape).toEqual([8, 16, 4]);
    expect(projection?.shape).toEqual([32, 4, 4]);
    expect(activation).toEqual(projection);
    // Head 3, token 5, channel 2 of the head.
    expect(projection?.data[(3 * 4 + 2) * 16 + 5]).toBe(split?.data[(3 * 16 + 5) * 4 + 2]);
  });

  test("an attention map is the softmax of queries and keys", async () => {
    const map = (await run(image, [`${attention}.map`])).get(`${attention}.map`) as Float32Tensor;
    expect(map.shape).toEqual([8, 16, 16]);
    const firstRow = map.data.slice(0, 16).reduce((sum, share) => sum + share, 0);
    expect(firstRow).toBeCloseTo(1, 5);
  });
});

describe("the mean over the mirror image", () => {
  const taps = ["up_blocks[2]", `${attention}.q`, `${attention}.to_k`, `${attention}.map`, `${block}.attn2.map`, `${block}.attn2.k`];

  test("of a mirrored picture is that of the picture, turned", async () => {
    const [straight, turned] = [
      await run(image, taps, { options: { flip: true } }),
      await run(mirrored, taps, { options: { flip: true } }),
    ];
    const turn: Readonly<Record<string, (value: Float32Tensor) => Float32Tensor>> = {
      "up_blocks[2]": (value) => reverseColumns(value, 16, 1),
      [`${attention}.q`]: (value) => reverseColumns(value, 4, 4),
      [`${attention}.to_k`]: (value) => reverseColumns(value, 4, 1),
      [`${attention}.map`]: (value) => reverseColumns(reverseColumns(value, 4, 16), 4, 1),
      [`${block}.attn2.map`]: (value) => reverseColumns(value, 4, 77),
      [`${block}.attn2.k`]: (value) => value,
    };
    for (const tap of taps)
      expect(largestDifference(turn[tap]?.(turned.get(tap) as Float32Tensor), straight.get(tap) as Float32Tensor)).toBeLessThan(1e-4);
  });

  test("is the mean of the map and of that of the mirror image, turned back", async () => {
    const tap = "up_blocks[1]";
    const [both, own, other] = [
      await run(image, [tap], { options: { flip: true } }),
      await run(image, [tap]),
      await run(mirrored, [tap]),
    ].map((features) => features.get(tap) as Float32Tensor) as [Float32Tensor, Float32Tensor, Float32Tensor];
    const back = reverseColumns(other, 8, 1);
    const mean = tensor(
      own.shape,
      own.data.map((x, i) => (x + (back.data[i] ?? 0)) / 2),
    );
    expect(largestDifference(both, mean)).toBeLessThan(1e-6);
  });
});

test("Stable Diffusion 2, whose projections are linear and whose heads differ by block, has the same names", async () => {
  const sd2 = await goldenContext("sd2-tiny");
  const taps = ["practical", "up_blocks.1.attentions.0.proj_in", "mid-vit-block0-self-map"];
  const features = await tappedFeatures(sd2, image, { recipe: "activations", taps, options: { size: 64 } });
  const { taps: listed } = await listTaps(sd2, { recipe: "activations", options: { size: 64 } });
  expect(listed.filter(({ activation }) => activation !== null)).toHaveLength(197);
  for (const [name, { shape }] of features) {
    const tap = listed.find(({ activation, path }) => activation === name || path === name);
    expect({ name, shape }).toEqual({ name, shape: tap?.shape });
  }
});

test("prompts that the published code would read in pieces are refused", async () => {
  const prompt = Array.from({ length: 71 }, () => "cat").join(" ");
  await expect(run(image, ["mid_block"], { recipe: "activations", options: { prompt } })).rejects.toThrow(/up to 70 words, not of 71/);
  await run(image, ["conv_in"], { recipe: "positions", options: { prompt } });
});

describe("one map of several", () => {
  test("sizes that do not double are enlarged to the largest, or repeated with zeros where they end", async () => {
    // 104 pixels are 13, 7, 4 and 2 places on the four levels.
    const taps = ["down_blocks[0]", "conv_in"];
    const options = { size: 104 };
    const [nearest, repeated] = [
      await run(image, taps, { concat: true, options }),
      await run(image, taps, { concat: true, options, recipe: "positions" }),
    ];
    const single = await run(image, taps, { options });
    expect(nearest.get("concat")?.shape).toEqual([32, 13, 13]);
    expect(nearest.get("concat")?.data.subarray(0, 16 * 169)).toEqual(single.get("conv_in")?.data);
    const map = repeated.get("concat") as Float32Tensor;
    expect(map.shape).toEqual([32, 14, 14]);
    // conv_in has 13 places, so the last column and row of its channels are empty.
    expect([map.data[13], map.data[13 * 14]]).toEqual([0, 0]);
    expect(map.data[0]).not.toBe(0);
  });

  test("pooling takes means, over what is there where sizes do not divide", async () => {
    const tap = "conv_in";
    const options = { size: 104 };
    const [whole, pooled] = [
      (await run(image, [tap], { options })).get(tap) as Float32Tensor,
      (await run(image, [tap], { options, pool: 2 })).get(tap) as Float32Tensor,
    ];
    expect(pooled.shape).toEqual([16, 6, 6]);
    // The first of six windows over thirteen places covers three of them.
    const corner = [0, 1, 2].flatMap((row) => [...whole.data.slice(13 * row, 13 * row + 3)]);
    expect(pooled.data[0]).toBeCloseTo(corner.reduce((sum, x) => sum + x, 0) / 9, 5);
  });
});
