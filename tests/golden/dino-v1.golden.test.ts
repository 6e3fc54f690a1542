/** @file DINO v1 against torch.hub's weights as published (metrics/dino.py), and against transformers' folder of the same weights. */
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { dinoV1, dinoV1Aas } from "#main/ml/metrics/dino-v1/dino-v1-metrics";
import type { CompareOptions, MetricDefinition, PairComparison } from "#main/ml/metrics/metric";
import { openModel } from "#main/ml/models/model-folder";
import { goldenCases, goldenCheckpoint, type GoldenCase } from "../support/goldens";
import { expectNumbers, expectTensors, goldenContext, goldenPair } from "../support/golden-vision";
import { scratchFolder } from "../support/scratch-folder";

interface Outputs {
  readonly score: number;
  readonly hf_vitmodel_same_pixels: number;
  readonly hf_vitmodel_own_preprocess: number;
  readonly aas_cosine_hf_same_pixels: Readonly<Record<"a_on_b" | "b_on_a" | "mean", readonly number[]>>;
}

const transformers = goldenCheckpoint("dino-vits8-tiny");
const hub = goldenCheckpoint("dino-vits8-tiny/hub");
/** Transformers' weights without a processor of their own, so that pictures are prepared as for torch.hub. */
const withoutProcessor = scratchFolder();

beforeAll(async () => {
  for (const name of ["config.json", "model.safetensors"]) await symlink(join(transformers, name), join(withoutProcessor, name));
});

async function compare(
  metric: MetricDefinition,
  golden: GoldenCase,
  folder: string,
  options: CompareOptions = {},
): Promise<PairComparison> {
  const [a, b] = await goldenPair(golden.images);
  return metric.comparePair({ ...(await goldenContext("dino-vits8-tiny")), checkpoint: await openModel(folder) }, a, b, options);
}

describe.each(goldenCases("dino-v1"))("$id", (golden) => {
  const outputs = golden.outputs as unknown as Outputs;
  const { score: tolerance = 0 } = golden.tolerance;
  /** Cosines of attention outputs are as exact as those of DINOv2's cases. */
  const cosineTolerance = 2e-5;

  test("torch.hub: score and embeddings", async () => {
    const comparison = await compare(dinoV1, golden, hub, { keepTensors: true });
    expectNumbers([comparison.score], [outputs.score], tolerance);
    await expectTensors(golden, comparison);
  });

  test("transformers: on the same pixels, and with its own processor", async () => {
    expectNumbers([(await compare(dinoV1, golden, withoutProcessor)).score], [outputs.hf_vitmodel_same_pixels], tolerance);
    expectNumbers([(await compare(dinoV1, golden, transformers)).score], [outputs.hf_vitmodel_own_preprocess], tolerance);
  });

  test("corrected mode is the cosine itself", async () => {
    expectNumbers([100 * (await compare(dinoV1, golden, hub, { mode: "corrected" })).score], [outputs.score], tolerance);
  });

  test("AAS of every layer in both directions", async () => {
    const { mean, a_on_b: onB, b_on_a: onA } = outputs.aas_cosine_hf_same_pixels;
    expectNumbers((await compare(dinoV1Aas, golden, withoutProcessor)).scores, mean, cosineTolerance);
    for (const layer of mean.keys()) {
      const { directions } = await compare(dinoV1Aas, golden, withoutProcessor, { layer: [layer] });
      expectNumbers([directions.ab ?? NaN, directions.ba ?? NaN], [onB[layer] ?? 0, onA[layer] ?? 0], cosineTolerance);
    }
  });
});

test("a library's features give the corrected score", async () => {
  const [golden] = goldenCases("dino-v1", "hub-warm1-warm2");
  if (golden === undefined) throw new Error("the case is missing");
  for (const metric of [dinoV1, dinoV1Aas]) {
    const extractor = await metric.createExtractor?.({ ...(await goldenContext("dino-vits8-tiny")), checkpoint: await openModel(hub) }, {});
    const [a, b] = (await extractor?.extract(await goldenPair(golden.images))) ?? [];
    if (extractor === undefined || a === undefined || b === undefined) throw new Error("two pictures give two features");
    const [forth] = await extractor.score(a, [b]);
    const [back] = await extractor.score(b, [a]);
    const { score } = await compare(metric, golden, hub, { mode: "corrected", layer: [1] });
    expect(forth?.score).toBeCloseTo(score, 5);
    expect(back?.score).toBeCloseTo(score, 5);
    expect((await extractor.score(a, [a]))[0]?.score).toBeCloseTo(1, 5);
  }
});
