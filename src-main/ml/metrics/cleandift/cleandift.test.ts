import { beforeAll, describe, expect, test } from "vitest";
import { goldenCheckpoint } from "../../../../tests/support/goldens";
import { goldenContext, goldenPair } from "../../../../tests/support/golden-vision";
import type { RawImage } from "../../../platform/raw-image";
import type { ModelFolder } from "../../models/model-folder";
import { openCheckpoint } from "../../weights/checkpoint";
import type { CompareOptions, FeatureExtractor, ImageFeatures, MetricContext, PairScore } from "../metric";
import { metricsOf } from "../registry";
import { cleandift } from "./cleandift";

let plain: MetricContext;
let context: MetricContext;
let a: RawImage;
let b: RawImage;
beforeAll(async () => {
  plain = await goldenContext("sd15-tiny");
  const weights = await openCheckpoint(goldenCheckpoint("cleandift-sd15-tiny/cleandift_sd15_unet.safetensors"));
  context = { ...plain, companions: { ipAdapter: null, imageEncoder: null, weights } };
  [a, b] = await goldenPair(["sd-shapes.png", "sd-strokes.png"]);
});

const attention = "up_blocks.1.attentions.1.transformer_blocks.0.attn1";
const compare = (first: RawImage, second: RawImage, options: CompareOptions = {}) =>
  cleandift.comparePair(context, first, second, { size: 64, mode: "corrected", ...options });

describe.each([undefined, "mid", "us10", attention])("at %s", (tap) => {
  const options = tap === undefined ? {} : { tap };

  test("is symmetric, and a picture against itself scores 1, in both modes", async () => {
    for (const mode of ["corrected", "published"] as const) {
      const [forth, back, same] = [
        await compare(a, b, { ...options, mode }),
        await compare(b, a, { ...options, mode }),
        await compare(a, a, { ...options, mode }),
      ];
      expect(back.score).toBeCloseTo(forth.score, 5);
      expect(same.score).toBeCloseTo(1, 5);
      expect(forth.score).toBeLessThan(0.999);
    }
  });

  test("features for a library score as the pair does", async () => {
    const extractor = (await cleandift.createExtractor?.(context, { size: 64, ...options })) as FeatureExtractor;
    const [own, other] = (await extractor.extract([a, b])) as readonly [ImageFeatures, ImageFeatures];
    const [pair, same] = (await extractor.score(own, [other, own])) as readonly [PairScore, PairScore];
    expect(pair.score).toBeCloseTo((await compare(a, b, options)).score, 5);
    expect(same.score).toBeCloseTo(1, 5);
    expect(pair.a?.heat).toHaveLength((pair.a?.grid.rows ?? 0) * (pair.a?.grid.columns ?? 0));
  });
});

test("a self-attention is compared in both directions by the aligned score, and by mean squared error on request", async () => {
  const { directions, score } = await compare(a, b, { tap: attention });
  expect((Number(directions.ab) + Number(directions.ba)) / 2).toBeCloseTo(score, 6);
  expect((await compare(a, a, { tap: attention, similarity: "mse" })).score).toBeCloseTo(0, 6);
  await expect(compare(a, b, { similarity: "mse" })).rejects.toThrow(/no mse/);
});

test("published mode samples the posterior by its seed, corrected mode takes its mean", async () => {
  const [one, two] = [await compare(a, b, { mode: "published", seed: 1 }), await compare(a, b, { mode: "published", seed: 2 })];
  expect(one.score).not.toBe(two.score);
  expect(one.recipe.parameters).toMatchObject({ timestep: 261, seed: "1" });
  const mean = await compare(a, b);
  expect(mean.recipe.parameters).toMatchObject({ recipe: "cleandift", seed: null });
  expect(mean.recipe.modelSha256).toBe(await context.companions?.weights?.sha256());
});

describe("the drop-in U-Net", () => {
  test("must be given, unless the model's name says that it is there", async () => {
    await expect(cleandift.comparePair(plain, a, b, { size: 64 })).rejects.toThrow(/needs the U-Net of CleanDIFT/);
    const model = plain.checkpoint === null ? null : { ...plain.checkpoint, name: "CleanDIFT-sd15" };
    expect((await cleandift.comparePair({ ...plain, checkpoint: model }, a, a, { size: 64 })).score).toBeCloseTo(1, 5);
    const enabled = [plain.checkpoint, model].map((each) => each !== null && metricsOf(each).includes(cleandift));
    expect(enabled).toEqual([false, true]);
  });

  test("must be a U-Net of the same build", async () => {
    const withWeights = async (file: string): Promise<MetricContext> => ({
      ...plain,
      companions: { ipAdapter: null, imageEncoder: null, weights: await openCheckpoint(goldenCheckpoint(file)) },
    });
    const run = async (file: string) => cleandift.comparePair(await withWeights(file), a, b, { size: 64 });
    await expect(run("sd15-tiny/vae/diffusion_pytorch_model.safetensors")).rejects.toThrow(/is no U-Net/);
    await expect(run("sd2-tiny/unet/diffusion_pytorch_model.safetensors")).rejects.toThrow(/expected|has no tensor/);
  });
});

test("its keys can be chosen", () => {
  const [taps] = cleandift.settings?.(plain.checkpoint as ModelFolder) ?? [];
  expect(taps?.alternatives.map(({ label }) => label)).toEqual(["mid", ...Array.from({ length: 10 }, (_, i) => `us${i + 1}`)]);
});

test("options of other methods are refused", async () => {
  await expect(compare(a, b, { step: 900 })).rejects.toThrow(/does not go by step/);
});
