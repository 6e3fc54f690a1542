/** @file Features of CleanDIFT's drop-in U-Net: every key of every case, from a sample of the posterior and from its mean. */
import { expect, test } from "vitest";
import type { MetricContext } from "#main/ml/metrics/metric";
import { openCheckpoint } from "#main/ml/weights/checkpoint";
import { expectFeatures, tapGolden } from "../support/golden-taps";
import { goldenContext } from "../support/golden-vision";
import { goldenCases, goldenCheckpoint } from "../support/goldens";

const cases = goldenCases("cleandift");

test("no case is lost", () => expect(cases).toHaveLength(4));

test.each(cases.map((golden) => [golden.id, golden] as const))("%s", async (_id, golden) => {
  const { size, caption, timestep, seed } = golden.parameters;
  const stored = Object.keys(golden.tensors ?? {}).filter((name) => /^(?:us\d+|mid)$/.test(name));
  const features = await tapGolden(await context(), golden.images[0], {
    recipe: "cleandift",
    taps: stored,
    options: {
      size: Number(size),
      prompt: String(caption),
      timestep: Number(timestep),
      ...(seed === undefined ? {} : { seed: Number(seed) }),
    },
  });
  await expectFeatures(golden, features, stored);
  const { shapes } = golden.outputs as { shapes?: Readonly<Record<string, readonly number[]>> };
  if (shapes === undefined) return;
  const all = await tapGolden(await context(), golden.images[0], {
    recipe: "cleandift",
    taps: Object.keys(shapes),
    options: { size: Number(size) },
  });
  expect(Object.fromEntries([...all].map(([name, { shape }]) => [name, shape]))).toEqual(shapes);
});

async function context(): Promise<MetricContext> {
  const weights = await openCheckpoint(goldenCheckpoint("cleandift-sd15-tiny/cleandift_sd15_unet.safetensors"));
  return { ...(await goldenContext("sd15-tiny")), companions: { ipAdapter: null, imageEncoder: null, weights } };
}
