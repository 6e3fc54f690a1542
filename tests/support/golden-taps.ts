/** @file Runs a golden case of tapped features and compares what came out. */
import { expect } from "vitest";
import { decodeImage } from "#main/data/imaging/decode";
import { decodeAlpha } from "#main/data/imaging/decode-alpha";
import { tappedFeatures, type TapOptions } from "#main/ml/features/tapped-features";
import type { MetricContext } from "#main/ml/metrics/metric";
import type { Tensor } from "#main/ml/tensor/tensor";
import { openCheckpoint } from "#main/ml/weights/checkpoint";
import { largestDifference } from "./compare-tensors";
import { goldenImage, goldenTensors, type GoldenCase } from "./goldens";

/** Taps a picture of the fixtures, decoded as the published code decodes it. */
export async function tapGolden(
  context: MetricContext,
  image: string | undefined,
  request: TapOptions,
): Promise<ReadonlyMap<string, Tensor>> {
  const path = goldenImage(image ?? "");
  return tappedFeatures(context, await decodeImage(path), { alpha: await decodeAlpha(path), ...request });
}

/** Expects features under the names of the case's tensors, or under others: shapes equal but for a batch axis, numbers within the case's tolerance. */
export async function expectFeatures(
  golden: GoldenCase,
  features: ReadonlyMap<string, Tensor>,
  names: Readonly<Record<string, string>> | readonly string[],
): Promise<void> {
  const stored = await openCheckpoint(goldenTensors(golden));
  const wanted = Array.isArray(names) ? names.map((name: string) => [name, name] as const) : Object.entries(names);
  expect(wanted).not.toHaveLength(0);
  const wrong: Record<string, unknown> = {};
  for (const [tap, name] of wanted) {
    const expected = await stored.readTensor(name);
    const actual = features.get(tap);
    const difference = largestDifference(actual, expected);
    // Some cases keep the batch axis of one.
    const isShaped = [expected.shape, expected.shape.slice(1)].some((shape) => actual?.shape.join() === shape.join());
    if (!isShaped || !(difference <= (golden.tolerance["tensors"] ?? 0))) wrong[tap] = { difference, shape: actual?.shape };
  }
  expect(wrong).toEqual({});
}
