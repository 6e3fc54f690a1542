/** @file VGG Gram against metrics/vgg_gram.py: the last row as published, the whole matrix as corrected, features and matrices. */
import { describe, expect, test } from "vitest";
import { vggGram } from "#main/ml/metrics/vgg-gram/vgg-gram";
import { goldenCases, type GoldenCase } from "../support/goldens";
import { compareGolden, expectNumbers, expectTensors, goldenContext, goldenPair } from "../support/golden-vision";

interface Outputs {
  readonly score: number;
  readonly corrected_full_gram_cosine: number;
}

const cases = goldenCases("gram");
const outputsOf = (golden: GoldenCase) => golden.outputs as unknown as Outputs;
const sizeOf = (golden: GoldenCase) => ({ size: golden.parameters["image_size"] as number });

describe.each(cases)("$id", (golden) => {
  const { score, corrected_full_gram_cosine: corrected } = outputsOf(golden);
  const { score: tolerance = 0 } = golden.tolerance;

  test("published: the last rows", async () => {
    expectNumbers([(await compareGolden(vggGram, golden, sizeOf(golden))).score], [score], tolerance);
  });

  test("corrected: the whole matrices, also of stored features", async () => {
    const comparison = await compareGolden(vggGram, golden, { ...sizeOf(golden), mode: "corrected" });
    expectNumbers([comparison.score], [corrected], tolerance);
    const extractor = await vggGram.createExtractor?.(await goldenContext(golden.checkpoint ?? ""), sizeOf(golden));
    const [a, b] = (await extractor?.extract(await goldenPair(golden.images))) ?? [];
    if (a === undefined || b === undefined) throw new Error("two pictures give two features");
    expectNumbers(
      (await extractor?.score(a, [b]))?.map((pair) => pair.score),
      [corrected],
      tolerance,
    );
    expect(extractor?.recipe).toEqual(comparison.recipe);
  });
});

test.each(cases.filter(({ tensors = {} }) => Object.keys(tensors).length > 0))("$id: every staged tensor", async (golden) => {
  await expectTensors(golden, await compareGolden(vggGram, golden, { ...sizeOf(golden), keepTensors: true }));
});
