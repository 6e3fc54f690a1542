/** @file What the golden cases leave open: the corrected mode, pictures without a mask, stored features, and what is refused. */
import { describe, expect, test } from "vitest";
import { goldenContext, goldenPair } from "../../../../tests/support/golden-vision";
import { goldenImage } from "../../../../tests/support/goldens";
import { decodeMask } from "../../../data/imaging/decode-mask";
import type { MaskImage, RawImage } from "../../../platform/raw-image";
import { foregroundFeatures } from "./foreground-features";

const context = await goldenContext("dinov2-tiny");
const [a, b] = await goldenPair(["pp-figure-1.png", "pp-cold-1.png"]);
const maskA = await decodeMask(goldenImage("pp-mask-figure-1.png"));
const maskB = await decodeMask(goldenImage("pp-mask-cold-1.png"));
const masks = { a: maskA, b: maskB };

const evenMask = ({ width, height }: RawImage, value: number): MaskImage => ({
  width,
  height,
  data: new Uint8Array(width * height).fill(value),
});

describe("corrected", () => {
  test.each([{}, { tap: "crop-feat" }])("%j: equal pictures score 1, and a pair scores the same both ways", async (options) => {
    const corrected = { mode: "corrected" as const, ...options };
    const same = await foregroundFeatures.comparePair(context, a, a, { ...corrected, masks: { a: maskA, b: maskA } });
    expect(same.score).toBeCloseTo(1, 5);
    const forth = await foregroundFeatures.comparePair(context, a, b, { ...corrected, masks });
    const back = await foregroundFeatures.comparePair(context, b, a, { ...corrected, masks: { a: maskB, b: maskA } });
    expect(back.score).toBeCloseTo(forth.score, 6);
    expect(forth.score).toBeLessThan(0.999);
    expect(forth.scores).toBeUndefined();
  });

  test("a mask of everything is the mean of all patches, however dark some of them are", async () => {
    const { tensors } = await foregroundFeatures.comparePair(context, a, b, {
      mode: "corrected",
      masks: { a: evenMask(a, 255), b: maskB },
      keepTensors: true,
    });
    expect([...(tensors.get("token_mask_a")?.data ?? [])].every((counts) => counts === 1)).toBe(true);
    expect([...(tensors.get("token_mask_b")?.data ?? [])]).toContain(0);
  });
});

describe("without masks", () => {
  test.each(["published", "corrected"] as const)("%s: the estimate stands in, and equal pictures score 1", async (mode) => {
    const { score, tensors } = await foregroundFeatures.comparePair(context, a, a, { mode, keepTensors: true });
    expect(score).toBeCloseTo(1, 5);
    const counts = [...(tensors.get("token_mask_a")?.data ?? [])].filter((count) => count === 1).length;
    expect(counts).toBeGreaterThan(0);
    expect(counts).toBeLessThan(24 * 24);
  });

  test("stored features give the corrected score, both ways", async () => {
    const extractor = await foregroundFeatures.createExtractor?.(context, {});
    const [first, second] = (await extractor?.extract([a, b])) ?? [];
    if (extractor === undefined || first === undefined || second === undefined) throw new Error("two pictures give two features");
    const { score, recipe } = await foregroundFeatures.comparePair(context, a, b, { mode: "corrected" });
    expect((await extractor.score(first, [second, first])).map((pair) => pair.score)).toEqual([
      expect.closeTo(score, 5),
      expect.closeTo(1, 5),
    ]);
    expect((await extractor.score(second, [first]))[0]?.score).toBeCloseTo(score, 5);
    expect(extractor.recipe).toEqual(recipe);
  });
});

test.each([
  { options: { similarity: "mse" as const }, code: "usage/invalid" },
  { options: { tap: "crop" }, code: "tap/unknown" },
  { options: { masks: { a: maskB, b: maskA } }, code: "usage/invalid" },
])("refused with $code: $options", async ({ options, code }) => {
  await expect(foregroundFeatures.comparePair(context, a, b, options)).rejects.toMatchObject({ code });
});
