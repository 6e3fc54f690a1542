import { beforeAll, describe, expect, test } from "vitest";
import { goldenContext, goldenPair } from "../../../../tests/support/golden-vision";
import type { RawImage } from "../../../platform/raw-image";
import type { CompareOptions, MetricContext } from "../metric";
import { diffsimXl } from "./diffsim-xl";

let context: MetricContext;
let a: RawImage;
let b: RawImage;
beforeAll(async () => {
  context = await goldenContext("sdxl-tiny");
  [a, b] = await goldenPair(["sd-shapes.png", "sd-stripes.png"]);
});

const small: CompareOptions = { size: 64, seed: 7, prompt: "a photo of a cat", block: "down_blocks" };
const compare = (first: RawImage, second: RawImage, options: CompareOptions) =>
  diffsimXl.comparePair(context, first, second, { ...small, ...options });
const stages = async (options: CompareOptions) => (await compare(a, b, { keepTensors: true, ...options })).tensors;

describe("corrected mode", () => {
  test("tells the size the picture really has, shows one row, and leaves latents at their scale", async () => {
    const tensors = await stages({ mode: "corrected" });
    expect([...(tensors.get("time_ids")?.data ?? [])]).toEqual([64, 64, 0, 0, 64, 64]);
    expect(tensors.get("encoder_hidden_states")?.shape).toEqual([1, 77, 64]);
    expect(tensors.has("vae_noise_A")).toBe(false);
    expect(tensors.get("noise_A")).toEqual(tensors.get("noise_B"));
    const { recipe } = await compare(a, b, { mode: "corrected" });
    expect(recipe).toMatchObject({
      metric: "diffsim-xl",
      family: "stable-diffusion-xl",
      parameters: { timestep: 100, negativePrompt: null },
    });
    expect(recipe.parameters["textEncoder2Sha256"]).not.toBe(recipe.parameters["textEncoderSha256"]);
  });
});

describe("published mode", () => {
  test("no negative prompt is a row of zeros, and a given one is encoded", async () => {
    const sum = (row: ArrayLike<number | bigint> = []) => Array.from(row).reduce<number>((total, x) => total + Math.abs(Number(x)), 0);
    const [absent, given] = [await stages({}), await stages({ negativePrompt: "" })];
    const firstRow = (tensors: typeof absent) => tensors.get("encoder_hidden_states")?.data.subarray(0, 77 * 64);
    expect(sum(firstRow(absent))).toBe(0);
    expect(sum(firstRow(given))).toBeGreaterThan(1);
    expect(sum(absent.get("text_embeds")?.data.subarray(0, 48))).toBe(0);
  });
});

test("features for a library score as the corrected comparison of the same pictures", async () => {
  const options: CompareOptions = { ...small, noiseSeeds: [7, 8], flip: true };
  const extractor = await diffsimXl.createExtractor!(context, options);
  const [first, second] = await extractor.extract([a, b]);
  const [self, other] = await extractor.score(first!, [first!, second!]);
  const comparison = await compare(a, b, { ...options, mode: "corrected" });
  expect(extractor.recipe).toEqual(comparison.recipe);
  expect(other?.score).toBeCloseTo(comparison.score, 5);
  expect(other?.directions.ab).toBeCloseTo(Number(comparison.directions.ab), 5);
  expect(self?.score).toBeCloseTo(1, 4);
  await extractor.dispose();
});

test("a model is needed", async () => {
  await expect(diffsimXl.comparePair({ ...context, checkpoint: null }, a, b, small)).rejects.toMatchObject({
    code: "metric/needs-model",
    message: "diffsim-xl needs a model.",
    hint: "Give the folder of a Stable Diffusion XL model.",
  });
});
