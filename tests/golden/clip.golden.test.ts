/** @file CLIP AAS, CLIP-I and CLIP features against the published code (metrics/clip_i.py), layer by layer and stage by stage. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { clipAas, clipFeatures, clipI } from "#main/ml/metrics/clip/clip-metrics";
import { assertRunsOn } from "#main/ml/metrics/registry";
import { openModel } from "#main/ml/models/model-folder";
import type { Tensor } from "#main/ml/tensor/tensor";
import { writeSafetensors } from "#main/ml/weights/safetensors";
import { goldenCases, goldenCheckpoint, type GoldenCase } from "../support/goldens";
import { compareGolden, expectNumbers, expectRelative, expectTensors, goldenContext, goldenPair } from "../support/golden-vision";
import { scratchFolder } from "../support/scratch-folder";

interface Directions {
  readonly a_on_b: readonly number[];
  readonly b_on_a: readonly number[];
  readonly mean: readonly number[];
}

interface AasOutputs {
  readonly cosine: Directions;
  readonly mse: Directions;
  readonly corrected_cosine: Directions;
  readonly corrected_mse: Directions;
}

const isPair = (golden: GoldenCase) => golden.images.length === 2;
const hasTensors = (golden: GoldenCase) => Object.keys(golden.tensors ?? {}).length > 0;
const aasCases = goldenCases("clip-aas").filter(isPair);

describe.each(aasCases)("$id", (golden) => {
  const outputs = golden.outputs as unknown as AasOutputs;
  const { cosine: cosineTolerance = 0, mse_relative: mseTolerance = 0 } = golden.tolerance;

  test.each([
    { mode: "published", expected: outputs.cosine },
    { mode: "corrected", expected: outputs.corrected_cosine },
  ] as const)("$mode cosine of every layer", async ({ mode, expected }) => {
    const comparison = await compareGolden(clipAas, golden, { mode });
    expectNumbers(comparison.scores, expected.mean, cosineTolerance);
  });

  test.each([
    { mode: "published", expected: outputs.mse },
    { mode: "corrected", expected: outputs.corrected_mse },
  ] as const)("$mode mse of every layer", async ({ mode, expected }) => {
    const comparison = await compareGolden(clipAas, golden, { mode, similarity: "mse" });
    expectRelative(comparison.scores, expected.mean, mseTolerance);
  });

  test("one layer at a time, in both directions", async () => {
    for (const layer of outputs.cosine.mean.keys()) {
      const { score, scores, directions } = await compareGolden(clipAas, golden, { layer: [layer] });
      expect(scores).toBeUndefined();
      expectNumbers(
        [score, directions.ab ?? Number.NaN, directions.ba ?? Number.NaN],
        [outputs.cosine.mean, outputs.cosine.a_on_b, outputs.cosine.b_on_a].map((values) => values[layer] ?? 0),
        cosineTolerance,
      );
    }
  });
});

test.each(aasCases.filter(hasTensors))("$id: every staged tensor", async (golden) => {
  await expectTensors(golden, await compareGolden(clipAas, golden, { keepTensors: true }));
});

test("lists of pictures are compared pair by pair; the published single cosine over a batch is not offered", async () => {
  const [golden] = goldenCases("clip-aas", "batch-of-two");
  if (golden === undefined) throw new Error("the case is missing");
  const { pairs, layer } = golden.parameters as unknown as { pairs: readonly (readonly [number, number])[]; layer: number };
  const { per_pair_clip_cross_score: crossScores, per_pair_clipi_score: clipScores } = golden.outputs as unknown as Record<
    string,
    readonly number[]
  >;
  for (const [i, [a, b]] of pairs.entries()) {
    const images = [golden.images[a] ?? "", golden.images[b] ?? ""];
    const cross = await compareGolden(clipAas, golden, { layer: [layer] }, images);
    const embedding = await compareGolden(clipI, golden, {}, images);
    expectNumbers([cross.score], [crossScores?.[i] ?? 0], golden.tolerance["score"] ?? 0);
    expectNumbers([embedding.score], [clipScores?.[i] ?? 0], golden.tolerance["score"] ?? 0);
  }
});

describe.each(goldenCases("clip-i").filter(isPair))("$id", (golden) => {
  const { score: expected } = golden.outputs as unknown as { score: number };

  test("published score and embeddings", async () => {
    const comparison = await compareGolden(clipI, golden, { keepTensors: true });
    expectNumbers([comparison.score], [expected], golden.tolerance["score"] ?? 0);
    await expectTensors(golden, comparison);
  });

  test("corrected score is the cosine itself, either way around", async () => {
    const there = await compareGolden(clipI, golden, { mode: "corrected" });
    const back = await compareGolden(clipI, golden, { mode: "corrected" }, [...golden.images].reverse());
    expectNumbers([there.score, back.score], [expected / 100, expected / 100], (golden.tolerance["score"] ?? 0) / 100);
  });
});

describe.each(goldenCases("clip-features"))("$id", (golden) => {
  test("cosine of every layer", async () => {
    const { cosine } = golden.outputs as unknown as { cosine: readonly number[] };
    const { scores } = await compareGolden(clipFeatures, golden, {});
    expectNumbers(scores, cosine, golden.tolerance["cosine"] ?? 0);
  });
});

test("features for a library: several pictures at once, scored as corrected mode compares them", async () => {
  const [golden] = goldenCases("clip-aas", "b32-warm1-warm2");
  if (golden === undefined) throw new Error("the case is missing");
  const { corrected_cosine: expected } = golden.outputs as unknown as AasOutputs;
  const extractor = await clipAas.createExtractor?.(await goldenContext("clip-vit-tiny"), {});
  const images = await goldenPair(golden.images);
  const [query, target] = (await extractor?.extract(images)) ?? [];
  if (extractor === undefined || query === undefined || target === undefined) throw new Error("CLIP extracts features");
  const [score] = await extractor.score(query, [target]);
  expect(extractor.recipe).toMatchObject({ mode: "corrected", tap: "layer 1", imageSize: 64 });
  expectNumbers([score?.score ?? Number.NaN], [expected.mean[1] ?? 0], golden.tolerance["cosine"] ?? 0);
  expect(score?.a).toMatchObject({ grid: { rows: 4, columns: 4 } });
  expect(score?.a?.heat).toHaveLength(16);
  expect(score?.b?.match.every((patch) => patch >= 0 && patch < 16)).toBe(true);
  const [alone] = await extractor.extract(images.slice(1));
  expectNumbers([...(alone?.pooled ?? [])], [...target.pooled], 1e-6);
});

test("a tower without projection scores and stages its layers, and says that it has no embedding", async () => {
  const source = await openModel(goldenCheckpoint("clip-vit-tiny"));
  const folder = scratchFolder();
  const tensors = new Map<string, Tensor>();
  for (const name of source.part().tensors.keys())
    if (name.startsWith("vision_model.")) tensors.set(name, await source.part().readTensor(name));
  await writeSafetensors(join(folder, "model.safetensors"), tensors);
  await writeFile(join(folder, "config.json"), JSON.stringify(source.partConfig()));
  const [golden] = goldenCases("clip-aas", "b32-warm1-warm2");
  if (golden === undefined) throw new Error("the case is missing");
  const checkpoint = await openModel(folder);
  const context = { ...(await goldenContext("clip-vit-tiny")), checkpoint };
  const [a, b] = await goldenPair(golden.images);
  await expectTensors(golden, await clipAas.comparePair(context, a, b, { keepTensors: true }));
  expect(() => assertRunsOn(clipI, checkpoint)).toThrow(expect.objectContaining({ code: "checkpoint/unsupported" }));
});
