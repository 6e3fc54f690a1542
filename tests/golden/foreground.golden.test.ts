/** @file Foreground feature averaging against metrics/foreground_feature_averaging.py with given masks: both variants, the masks on the grid, the mean features. */
import { describe, test } from "vitest";
import { decodeMask } from "#main/data/imaging/decode-mask";
import { foregroundFeatures } from "#main/ml/metrics/foreground/foreground-features";
import type { CompareOptions, PairComparison } from "#main/ml/metrics/metric";
import { goldenCases, goldenImage, type GoldenCase } from "../support/goldens";
import { expectNumbers, expectTensors, goldenContext, goldenPair } from "../support/golden-vision";

interface Outputs {
  readonly score: number;
  readonly crop_feat: number;
  readonly crop_img: number;
}

/** Compares the pictures of a case, which stand before their masks in its list. */
async function compare(golden: GoldenCase, options: CompareOptions): Promise<PairComparison> {
  const [imageA = "", maskA = "", imageB = "", maskB = ""] = golden.images;
  const [a, b] = await goldenPair([imageA, imageB]);
  const masks = { a: await decodeMask(goldenImage(maskA)), b: await decodeMask(goldenImage(maskB)) };
  return foregroundFeatures.comparePair(await goldenContext("dinov2-tiny/hub"), a, b, { ...options, masks });
}

describe.each(goldenCases("foreground"))("$id", (golden) => {
  const { score, crop_feat: cropFeat, crop_img: cropImg } = golden.outputs as unknown as Outputs;
  const { score: tolerance = 0 } = golden.tolerance;

  test("score, both variants, masks and features", async () => {
    const comparison = await compare(golden, { keepTensors: true });
    expectNumbers([comparison.score, ...(comparison.scores ?? [])], [score, cropFeat, cropImg], tolerance);
    await expectTensors(golden, comparison);
  });

  test.each([
    { tap: "crop-feat", expected: cropFeat },
    { tap: "crop-img", expected: cropImg },
  ])("$tap alone", async ({ tap, expected }) => {
    expectNumbers([(await compare(golden, { tap })).score], [expected], tolerance);
  });
});
