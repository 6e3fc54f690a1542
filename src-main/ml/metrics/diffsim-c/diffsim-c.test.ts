import { beforeAll, describe, expect, test } from "vitest";
import { goldenAdapterContext } from "../../../../tests/support/golden-adapter";
import { goldenContext, goldenPair } from "../../../../tests/support/golden-vision";
import type { RawImage } from "../../../platform/raw-image";
import { diffsimXlC } from "../diffsim-xl-c/diffsim-xl-c";
import type { CompareOptions, FeatureExtractor, MetricContext, MetricDefinition } from "../metric";
import { diffsimC } from "./diffsim-c";

const models = [
  ["diffsim-c", diffsimC, "sd15-tiny", "ip-adapter-plus-sd15-tiny"],
  ["diffsim-xl-c", diffsimXlC, "sdxl-tiny", "sdxl-tiny-ip-adapter"],
] as const;

const small: CompareOptions = { size: 64, seed: 7, prompt: "High quality image" };
let a: RawImage;
let b: RawImage;
beforeAll(async () => {
  [a, b] = await goldenPair(["sd-shapes.png", "sd-shapes-moved.png"]);
});

describe.each(models)("%s", (_name, metric: MetricDefinition, checkpoint, adapter) => {
  let context: MetricContext;
  beforeAll(async () => {
    context = await goldenAdapterContext(checkpoint, adapter);
  });
  const compare = (first: RawImage, second: RawImage, options: CompareOptions) =>
    metric.comparePair(context, first, second, { ...small, ...options });

  test("is symmetric in corrected mode, and a picture against itself scores 1 in both", async () => {
    const [forth, back] = [await compare(a, b, { mode: "corrected" }), await compare(b, a, { mode: "corrected" })];
    expect(back.score).toBeCloseTo(forth.score, 6);
    expect(back.directions.ab).toBeCloseTo(Number(forth.directions.ba), 6);
    expect(forth.score).toBeLessThan(0.999);
    // Queries differ by their noise, but both find the same in the same image.
    for (const mode of ["published", "corrected"] as const) expect((await compare(a, a, { mode })).score).toBeCloseTo(1, 6);
  });

  test("says in the recipe what showed the image, and where the published mode departs from the script", async () => {
    const { recipe } = await compare(a, b, {});
    expect(recipe).toMatchObject({ metric: metric.name, tap: expect.stringMatching(/\.attn2$/) as string });
    expect(recipe.parameters).toMatchObject({ ipAdapterScale: 0.5, deviations: expect.stringContaining("by keyword") as string });
    expect(recipe.parameters["ipAdapterSha256"]).toMatch(/^[0-9a-f]{64}$/);
    expect((await compare(a, b, { mode: "corrected" })).recipe.parameters).not.toHaveProperty("deviations");
  });

  test("features for a library score as the corrected comparison, with a heat for every patch", async () => {
    const extractor = (await metric.createExtractor?.(context, small)) as FeatureExtractor;
    const [first, second] = await extractor.extract([a, b]);
    const [self, other] = await extractor.score(first!, [first!, second!]);
    const comparison = await compare(a, b, { mode: "corrected" });
    expect(extractor.recipe).toEqual(comparison.recipe);
    expect(other?.score).toBeCloseTo(comparison.score, 6);
    expect(self?.score).toBeCloseTo(1, 6);
    const { rows, columns } = first?.attention?.grid ?? { rows: 0, columns: 0 };
    expect(first?.attention).toMatchObject({ tokens: rows * columns, keyTokens: 16 });
    expect(other?.a?.heat).toHaveLength(rows * columns);
    expect(Math.max(...(other?.a?.match ?? []))).toBeLessThan(rows * columns);
    expect([...(self?.a?.match ?? [])]).toEqual(Array.from({ length: rows * columns }, (_, token) => token));
  });

  test("seeds and mirror images are told apart and averaged", async () => {
    const options: CompareOptions = { ...small, mode: "corrected", noiseSeeds: [3, 4], flip: true };
    const extractor = (await metric.createExtractor?.(context, options)) as FeatureExtractor;
    const [first, second] = await extractor.extract([a, b]);
    const [other] = await extractor.score(first!, [second!]);
    expect(other?.score).toBeCloseTo((await compare(a, b, options)).score, 5);
  });
});

describe("what cannot be done is said", () => {
  test.each([
    ["the self-attention", { tap: "up_blocks.1.attentions.2.transformer_blocks.0.attn1" }, "does not see the image"],
    ["what the published code cannot", { similarity: "mse" }, "no mean squared error"],
    ["a layer of two numbers", { layer: [0, 1] }, "is one number, not 2"],
  ] as const)("%s", async (_what, options, message) => {
    const context = await goldenAdapterContext("sd15-tiny", "ip-adapter-plus-sd15-tiny");
    const attempt = diffsimC.comparePair(context, a, b, { ...small, ...options });
    await expect(attempt).rejects.toMatchObject({ code: "usage/invalid", message: expect.stringContaining(message) as string });
  });

  test("the corrected mode has the mean squared error", async () => {
    const context = await goldenAdapterContext("sd15-tiny", "ip-adapter-plus-sd15-tiny");
    const same = await diffsimC.comparePair(context, a, a, { ...small, mode: "corrected", similarity: "mse" });
    expect(same.score).toBeCloseTo(0, 10);
  });

  test("an adapter and its encoder are needed", async () => {
    const attempt = diffsimC.comparePair(await goldenContext("sd15-tiny"), a, b, small);
    await expect(attempt).rejects.toMatchObject({
      code: "metric/needs-model",
      message: "diffsim-c needs an IP-Adapter Plus and its image encoder.",
    });
  });
});
