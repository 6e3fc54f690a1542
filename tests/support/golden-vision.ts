/** @file Runs a golden case of CLIP, DINOv2 or the starter through its metric, and compares numbers and staged tensors. */
import { expect } from "vitest";
import { decodeImage } from "#main/data/imaging/decode";
import type { MetricContext, MetricDefinition, CompareOptions, PairComparison } from "#main/ml/metrics/metric";
import { openModel } from "#main/ml/models/model-folder";
import { createSessionPool } from "#main/ml/runtime/session-pool";
import { openCheckpoint } from "#main/ml/weights/checkpoint";
import type { RawImage } from "#main/platform/raw-image";
import { largestDifference } from "./compare-tensors";
import { goldenCheckpoint, goldenImage, goldenTensors, type GoldenCase } from "./goldens";

const sessions = createSessionPool();

/** A context on the processor with a tiny checkpoint opened. */
export async function goldenContext(checkpoint: string): Promise<MetricContext> {
  return { checkpoint: await openModel(goldenCheckpoint(checkpoint)), runtime: { device: "cpu", threads: 1 }, sessions };
}

export async function goldenPair(images: readonly string[]): Promise<readonly [RawImage, RawImage]> {
  const [a = "", b = ""] = images;
  return [await decodeImage(goldenImage(a), { mode: "published" }), await decodeImage(goldenImage(b), { mode: "published" })];
}

/** Compares the two pictures of a case, or two others, on the case's checkpoint. */
export async function compareGolden(
  metric: MetricDefinition,
  golden: GoldenCase,
  options: CompareOptions,
  images = golden.images,
): Promise<PairComparison> {
  const [a, b] = await goldenPair(images);
  return metric.comparePair(await goldenContext(golden.checkpoint ?? ""), a, b, options);
}

/** Every number of `actual` within `tolerance` of the one of `expected`. */
export function expectNumbers(actual: readonly number[] | undefined, expected: readonly number[], tolerance: number): void {
  expectWithin(actual, expected, () => tolerance);
}

/** Every number of `actual` within a share of the one of `expected`; where that is 0, within an absolute error far below any difference that matters. */
export function expectRelative(actual: readonly number[] | undefined, expected: readonly number[], tolerance: number): void {
  expectWithin(actual, expected, (number) => Math.max(tolerance * Math.abs(number), 1e-9));
}

function expectWithin(actual: readonly number[] | undefined, expected: readonly number[], toleranceOf: (number: number) => number): void {
  expect(actual).toHaveLength(expected.length);
  const wrong = expected
    .map((wanted, index) => ({ index, wanted, got: actual?.[index] }))
    .filter(({ wanted, got }) => !(Math.abs((got ?? Number.NaN) - wanted) <= toleranceOf(wanted)));
  expect(wrong).toEqual([]);
}

/** Every tensor of the case, as far as `only` names it, within the tolerance times its largest number. */
export async function expectTensors(
  golden: GoldenCase,
  comparison: PairComparison,
  only: (name: string) => boolean = () => true,
): Promise<void> {
  const names = Object.keys(golden.tensors ?? {}).filter(only);
  expect(names).not.toHaveLength(0);
  const stored = await openCheckpoint(goldenTensors(golden));
  const tolerance = golden.tolerance["tensors"] ?? 0;
  const wrong: Record<string, unknown> = {};
  for (const name of names) {
    const expected = await stored.readTensor(name);
    const actual = comparison.tensors.get(name);
    const difference = largestDifference(actual, expected);
    const isShaped = actual?.shape.join() === expected.shape.join();
    if (!isShaped || !(difference <= tolerance)) wrong[name] = { difference, shape: actual?.shape, expected: expected.shape };
  }
  expect(wrong).toEqual({});
}
