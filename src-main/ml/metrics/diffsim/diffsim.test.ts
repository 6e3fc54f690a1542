import { beforeAll, describe, expect, test } from "vitest";
import { goldenContext, goldenPair } from "../../../../tests/support/golden-vision";
import type { RawImage } from "../../../platform/raw-image";
import { attentionTaps } from "../../models/stable-diffusion/tap-collector";
import type { CompareOptions, FeatureExtractor, MetricContext } from "../metric";
import { diffsim } from "./diffsim";
import { attentionFeatures, openDiffsimPipeline } from "./pipeline";

let context: MetricContext;
let a: RawImage;
let b: RawImage;
beforeAll(async () => {
  context = await goldenContext("sd15-tiny");
  [a, b] = await goldenPair(["sd-shapes.png", "sd-shapes-moved.png"]);
});

const small: CompareOptions = { size: 64, seed: 7, prompt: "High quality image" };
const compare = (first: RawImage, second: RawImage, options: CompareOptions) =>
  diffsim.comparePair(context, first, second, { ...small, ...options });

describe("corrected mode", () => {
  test("is symmetric, and a picture against itself scores 1", async () => {
    const [forth, back, same] = [
      await compare(a, b, { mode: "corrected" }),
      await compare(b, a, { mode: "corrected" }),
      await compare(a, a, { mode: "corrected" }),
    ];
    expect(back.score).toBeCloseTo(forth.score, 6);
    expect(back.directions.ab).toBeCloseTo(Number(forth.directions.ba), 6);
    expect(same.score).toBeCloseTo(1, 6);
    expect(forth.score).toBeLessThan(0.999);
  });

  test("a step means the timestep the checkpoint's scheduler gives it", async () => {
    const [step, timestep] = [
      await compare(a, b, { mode: "corrected", step: 900 }),
      await compare(a, b, { mode: "corrected", timestep: 101 }),
    ];
    expect(step.recipe).toEqual(timestep.recipe);
    expect(step.score).toBe(timestep.score);
  });

  test("several seeds give the mean of their scores", async () => {
    const scores = await Promise.all([3, 4].map(async (seed) => (await compare(a, b, { mode: "corrected", seed })).score));
    const both = await compare(a, b, { mode: "corrected", noiseSeeds: [3, 4] });
    expect(both.score).toBeCloseTo((Number(scores[0]) + Number(scores[1])) / 2, 12);
    expect(both.recipe.parameters["seed"]).toBe("3,4");
  });

  test("the mean over mirror images is that of the pictures and of the pictures turned round", async () => {
    const [turnedA, turnedB] = [turnedRound(a), turnedRound(b)];
    const flipped = await compare(a, b, { mode: "corrected", flip: true });
    const scores = [await compare(a, b, { mode: "corrected" }), await compare(turnedA, turnedB, { mode: "corrected" })];
    expect(flipped.score).toBeCloseTo((Number(scores[0]?.score) + Number(scores[1]?.score)) / 2, 4);
    expect(flipped.recipe.parameters["flip"]).toBe(true);
    expect((await compare(turnedA, turnedB, { mode: "corrected", flip: true })).score).toBeCloseTo(flipped.score, 4);
  });
});

describe("published mode", () => {
  test("a timestep means the step that visits it", async () => {
    expect((await compare(a, b, { timestep: 101 })).score).toBe((await compare(a, b, { step: 900 })).score);
  });

  test("a picture against itself scores below 1, because the two get other noise", async () => {
    expect((await compare(a, a, {})).score).toBeLessThan(0.999);
  });

  test("stages are kept only when asked for, and timed", async () => {
    const comparison = await compare(a, b, {});
    expect(comparison.tensors.size).toBe(0);
    expect(Object.keys(comparison.milliseconds).sort()).toEqual(["score", "text", "total", "unet", "vae"]);
  });
});

describe("what cannot be done is said", () => {
  test.each([
    ["tap/unknown", { tap: "up_blocks.9.attentions.0.transformer_blocks.0.attn1" }],
    ["tap/unknown", { tap: "down_blocks.0" }],
    ["tap/unknown", { block: "down_blocks", layer: [3] }],
    ["usage/invalid", { tap: "up_blocks.1.attentions.2.transformer_blocks.0.attn2" }],
    ["step/out-of-range", { step: 0 }],
    ["step/out-of-range", { step: 2000 }],
    ["step/out-of-range", { mode: "corrected", timestep: 1000 }],
    ["usage/invalid", { step: 900, timestep: 101 }],
    ["usage/invalid", { layer: [0, 1] }],
    ["usage/invalid", { size: 0 }],
    ["usage/invalid", { seed: 0.5 }],
    ["usage/invalid", { precision: "float16" }],
    ["usage/invalid", { flip: true }],
  ] as const)("%s for %j", async (code, options) => {
    await expect(compare(a, b, options)).rejects.toMatchObject({ code });
  });

  test("a model is needed", async () => {
    await expect(diffsim.comparePair({ ...context, checkpoint: null }, a, b, small)).rejects.toMatchObject({ code: "metric/needs-model" });
  });
});

describe("features for a library", () => {
  let extractor: FeatureExtractor;
  beforeAll(async () => {
    extractor = (await diffsim.createExtractor?.(context, small)) as FeatureExtractor;
  });

  test("score as the corrected comparison of the same pictures", async () => {
    const [first, second] = await extractor.extract([a, b]);
    const [self, other] = await extractor.score(first!, [first!, second!]);
    const comparison = await compare(a, b, { mode: "corrected" });
    expect(extractor.recipe).toEqual(comparison.recipe);
    expect(other?.score).toBeCloseTo(comparison.score, 6);
    expect(self?.score).toBeCloseTo(1, 6);
    expect(self?.a?.match).toEqual(self?.b?.match);
    expect(other?.a?.grid).toEqual({ rows: 2, columns: 2 });
    expect(other?.a?.heat).toHaveLength(4);
  });

  test.each([{}, { noiseSeeds: [3, 4], flip: true }, { similarity: "mse" as const }])(
    "score alike with maps and without, %o",
    async (change) => {
      const made = (await diffsim.createExtractor?.(context, { ...small, ...change })) as FeatureExtractor;
      const [first, second] = await made.extract([a, b]);
      const pairs = await made.score(first!, [first!, second!]);
      const alone = await made.score(first!, [first!, second!], "score");
      expect(alone.map(({ score }) => score)).toEqual(pairs.map(({ score }) => score));
      expect(alone.map(({ directions }) => directions)).toEqual(pairs.map(({ directions }) => directions));
    },
  );

  test("hold every seed and the mirror image, and score as the comparison that has them", async () => {
    const options: CompareOptions = { ...small, noiseSeeds: [3, 4], flip: true };
    const several = (await diffsim.createExtractor?.(context, options)) as FeatureExtractor;
    const [first, second] = await several.extract([a, b]);
    const [self, other] = await several.score(first!, [first!, second!]);
    const comparison = await compare(a, b, { ...options, mode: "corrected" });
    expect(several.recipe).toEqual(comparison.recipe);
    expect(other?.score).toBeCloseTo(comparison.score, 6);
    expect(self?.score).toBeCloseTo(1, 6);
    expect(first?.attention).toMatchObject({ heads: 32, tokens: 4 });
    expect(other?.a?.heat).toHaveLength(4);
    // Turned round, the pictures show the same, and so their map is turned round.
    const [turnedA, turnedB] = await several.extract([turnedRound(a), turnedRound(b)]);
    const [turned] = await several.score(turnedA!, [turnedB!]);
    const [upright, back] = [[...(other?.a?.heat ?? [])], [1, 0, 3, 2].map((place) => turned?.a?.heat[place])];
    expectClose(back as number[], upright);
    expect(Math.abs(Number(upright[0]) - Number(upright[1]))).toBeGreaterThan(1e-3);
  });

  test("depend on the picture alone, not on its neighbours", async () => {
    const [together] = (await extractor.extract([b, a])).slice(1);
    const [alone] = await extractor.extract([a]);
    expect(together).toEqual(alone);
  });

  test("hold one row a head, and a pooled vector of unit length", async () => {
    const [features] = await extractor.extract([a]);
    expect(features?.attention).toMatchObject({ heads: 8, tokens: 4, headDim: 4 });
    expect(features?.pooled).toHaveLength(32);
    expect(Math.hypot(...(features?.pooled ?? []))).toBeCloseTo(1, 6);
  });
});

test("several latents in one run give what each gives alone", async () => {
  const pipeline = await openDiffsimPipeline(context);
  const rows = [await pipeline.encodePrompt(""), await pipeline.encodePrompt("a cat")];
  const latents = [
    (await pipeline.encodePixels(pipeline.pixelsOf(a, 64))).mean,
    (await pipeline.encodePixels(pipeline.pixelsOf(b, 64))).mean,
  ];
  const path = "mid_block.attentions.0.transformer_blocks.0.attn1";
  const request = { timestep: 101, rows, taps: [...attentionTaps(path), "conv_in"] };
  const together = await pipeline.tapUNet({ ...request, latents });
  for (const [i, latent] of latents.entries()) {
    const [alone] = await pipeline.tapUNet({ ...request, latents: [latent] });
    expect([...(together[i]?.keys() ?? [])]).toEqual(request.taps);
    for (const tap of request.taps) expectClose(together[i]?.get(tap)?.data, alone?.get(tap)?.data);
    expect(attentionFeatures(together[i]!, path)).toMatchObject({ heads: 16, tokens: 1, headDim: 4 });
  }
});

/** The picture seen in a mirror. */
function turnedRound(image: RawImage): RawImage {
  const { width, data } = image;
  const pixelAt = (index: number) => index - (index % width) + (width - 1 - (index % width));
  return { ...image, data: data.map((_, i) => data[3 * pixelAt(Math.floor(i / 3)) + (i % 3)] ?? 0) };
}

function expectClose(actual: ArrayLike<number> | undefined, expected: ArrayLike<number> | undefined): void {
  expect(actual).toHaveLength(expected?.length ?? -1);
  for (let i = 0; i < (expected?.length ?? 0); i++) expect(actual?.[i]).toBeCloseTo(expected?.[i] ?? Number.NaN, 4);
}
