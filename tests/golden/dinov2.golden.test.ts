/** @file DINOv2 AAS, CLS and features against the published code (metrics/dino.py): square and not, with registers, with SwiGLU, both position variants. */
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dinov2Aas, dinov2Cls, dinov2Features } from "#main/ml/metrics/dinov2/dinov2-metrics";
import type { CompareOptions, MetricDefinition, PairComparison } from "#main/ml/metrics/metric";
import { openModel } from "#main/ml/models/model-folder";
import { goldenCases, goldenCheckpoint, type GoldenCase } from "../support/goldens";
import { expectNumbers, expectRelative, expectTensors, goldenContext, goldenPair } from "../support/golden-vision";

interface Directions {
  readonly a_on_b: readonly number[];
  readonly b_on_a: readonly number[];
  readonly mean: readonly number[];
}

interface Outputs {
  readonly cosine: Directions;
  readonly mse?: Directions;
  readonly feature_cosine?: readonly number[];
  readonly cls_score?: number;
}

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dinov2-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Compares a case's pictures with the processor sizes of the case, which may differ from those of the checkpoint. */
async function compareGolden(
  metric: MetricDefinition,
  golden: GoldenCase,
  options: CompareOptions,
  images = golden.images,
): Promise<PairComparison> {
  const { size, crop_size: cropSize } = golden.parameters;
  const context = await goldenContext(golden.checkpoint ?? "");
  const [a, b] = await goldenPair(images);
  if (size === undefined) return metric.comparePair(context, a, b, options);
  const resized = await withProcessor(golden.checkpoint ?? "", { size, crop_size: cropSize });
  return metric.comparePair({ ...context, checkpoint: await openModel(resized) }, a, b, options);
}

/** A folder with the weights of a checkpoint and a changed preprocessor_config.json. */
async function withProcessor(checkpoint: string, fields: Readonly<Record<string, unknown>>): Promise<string> {
  const source = goldenCheckpoint(checkpoint);
  const target = await mkdtemp(join(folder, checkpoint));
  for (const name of ["config.json", "model.safetensors"]) await symlink(join(source, name), join(target, name));
  const processor = JSON.parse(await readFile(join(source, "preprocessor_config.json"), "utf8")) as object;
  await writeFile(join(target, "preprocessor_config.json"), JSON.stringify({ ...processor, ...fields }));
  return target;
}

const isPair = (golden: GoldenCase) => golden.images.length === 2;
const hasTensors = (golden: GoldenCase) => Object.keys(golden.tensors ?? {}).length > 0;

const aasCases = goldenCases("dinov2-aas").filter(isPair);
const outputsOf = (golden: GoldenCase) => golden.outputs as unknown as Outputs;

describe.each(aasCases)("$id", (golden) => {
  const outputs = outputsOf(golden);
  const { cosine: cosineTolerance = 0 } = golden.tolerance;

  test("cosine of every layer", async () => {
    const { scores } = await compareGolden(dinov2Aas, golden, {});
    expectNumbers(scores, outputs.cosine.mean, cosineTolerance);
  });

  test("one layer at a time, in both directions", async () => {
    for (const layer of outputs.cosine.mean.keys()) {
      const { score, directions } = await compareGolden(dinov2Aas, golden, { layer: [layer] });
      expectNumbers(
        [score, directions.ab ?? Number.NaN, directions.ba ?? Number.NaN],
        [outputs.cosine.mean, outputs.cosine.a_on_b, outputs.cosine.b_on_a].map((values) => values[layer] ?? 0),
        cosineTolerance,
      );
    }
  });
});

describe.each(aasCases.filter((golden) => outputsOf(golden).mse !== undefined))("$id", (golden) => {
  const { mse, feature_cosine: featureCosine } = outputsOf(golden);

  test("mse of every layer", async () => {
    const { scores } = await compareGolden(dinov2Aas, golden, { similarity: "mse" });
    expectRelative(scores, mse?.mean ?? [], golden.tolerance["mse_relative"] ?? 0);
  });

  test("cosine of the attention outputs", async () => {
    const { scores } = await compareGolden(dinov2Features, golden, {});
    expectNumbers(scores, featureCosine ?? [], golden.tolerance["cosine"] ?? 0);
  });
});

test.each(aasCases.filter((golden) => outputsOf(golden).cls_score !== undefined))("$id: class token score", async (golden) => {
  const { score } = await compareGolden(dinov2Cls, golden, {});
  expectNumbers([score], [outputsOf(golden).cls_score ?? 0], golden.tolerance["score"] ?? 0);
});

test.each(aasCases.filter(hasTensors))("$id: every staged tensor", async (golden) => {
  await expectTensors(golden, await compareGolden(dinov2Aas, golden, { keepTensors: true }));
});

describe("dinov2-aas/v2-size-based-positions", () => {
  const [golden] = goldenCases("dinov2-aas", "v2-size-based-positions");
  if (golden === undefined) throw new Error("the case is missing");
  const { pairs } = golden.parameters as unknown as { pairs: Readonly<Record<string, readonly string[]>> };
  type PairOutputs = Readonly<Record<"aas_mean" | "aas_mean_transformers_4_44", readonly number[]>> &
    Readonly<Record<"cls_score" | "cls_score_transformers_4_44", number>>;
  const outputs = golden.outputs as unknown as Readonly<Record<string, PairOutputs>>;
  const { cosine: cosineTolerance = 0, score: scoreTolerance = 0 } = golden.tolerance;

  test.each(Object.entries(pairs))("%s: corrected mode interpolates by size, published mode with the offset", async (name, images) => {
    const expected = outputs[name];
    if (expected === undefined) throw new Error(`${name} has no numbers`);
    const [corrected, published] = await Promise.all(
      (["corrected", "published"] as const).map((mode) => compareGolden(dinov2Aas, golden, { mode }, images)),
    );
    expectNumbers(corrected?.scores, expected.aas_mean, cosineTolerance);
    expectNumbers(published?.scores, expected.aas_mean_transformers_4_44, cosineTolerance);
    const embedding = await compareGolden(dinov2Cls, golden, { mode: "corrected" }, images);
    expectNumbers([100 * embedding.score], [expected.cls_score], scoreTolerance);
  });

  test("the interpolated positions themselves", async () => {
    await expectTensors(
      golden,
      await compareGolden(dinov2Aas, golden, { mode: "corrected", keepTensors: true }, golden.images.slice(0, 2)),
    );
  });
});

describe.each(goldenCases("dinov2-cls"))("$id", (golden) => {
  test("published score and embeddings", async () => {
    const { score: expected } = golden.outputs as unknown as { score: number };
    const comparison = await compareGolden(dinov2Cls, golden, { keepTensors: true });
    expectNumbers([comparison.score], [expected], golden.tolerance["score"] ?? 0);
    await expectTensors(golden, comparison);
  });
});

test("a layer that does not exist is named", async () => {
  const [golden] = goldenCases("dinov2-aas", "v2-warm1-cold1");
  if (golden === undefined) throw new Error("the case is missing");
  await expect(compareGolden(dinov2Aas, golden, { layer: [4] })).rejects.toMatchObject({
    code: "tap/unknown",
    message: "Layer 4 does not exist: the model has 4 layers.",
  });
});
