/** @file Aligned attention scores from the published code's own query, key and value: four models, each with its quirk of scoring. */
import { describe, expect, test } from "vitest";
import { createAlignedAttention, type AlignedScore, type AttentionFeatures } from "#main/ml/scoring/aligned-attention";
import type { OutputProjection } from "#main/ml/scoring/aligned-attention-graph";
import { openCheckpoint } from "#main/ml/weights/checkpoint";
import { goldenCases, goldenCheckpoint, goldenTensors, type GoldenCase } from "../support/goldens";
import { naiveFeatures } from "../support/naive-attention";

interface Pair {
  readonly a: AttentionFeatures;
  readonly b: AttentionFeatures;
}

const numbersOf = (goldenCase: GoldenCase) => goldenCase.outputs as Record<string, number>;

/** Query, key and value of both pictures; leading axes beside tokens and channels become heads. */
async function storedPair(goldenCase: GoldenCase, name: (part: "q" | "k" | "v", side: "a" | "b") => string): Promise<Pair> {
  const file = await openCheckpoint(goldenTensors(goldenCase));
  const side = async (which: "a" | "b") => {
    const [query, key, value] = await Promise.all((["q", "k", "v"] as const).map((part) => file.readTensor(name(part, which))));
    const [headDim = 0, tokens = 0, ...leading] = [...(query?.shape ?? [])].reverse();
    const heads = leading.reduce((product, size) => product * size, 1);
    const data = (tensor: typeof query) => tensor?.data ?? new Float32Array();
    return naiveFeatures({
      heads,
      tokens,
      headDim,
      grid: { rows: 1, columns: tokens, prefix: 0 },
      query: data(query),
      key: data(key),
      value: data(value),
    });
  };
  return { a: await side("a"), b: await side("b") };
}

async function score({ a, b }: Pair, projection?: OutputProjection): Promise<AlignedScore> {
  const aligned = await createAlignedAttention({
    heads: a.heads,
    headDim: a.headDim,
    device: "cpu",
    threads: 1,
    ...(projection === undefined ? {} : { projection }),
  });
  const [found] = await aligned.score(a, [b]);
  await aligned.dispose();
  if (found === undefined) throw new Error("No score");
  return found;
}

describe("diffsim-s: both guidance rows in one flat cosine", () => {
  const cases = goldenCases("diffsim-s").filter((goldenCase) => goldenCase.tensors?.["A.k"] !== undefined);
  test("there are stored cases", () => expect(cases.length).toBeGreaterThan(10));
  test.each(cases.map((goldenCase) => [goldenCase.id, goldenCase] as const))("%s", async (_id, goldenCase) => {
    const found = await score(await storedPair(goldenCase, (part, side) => `${side.toUpperCase()}.${part}`));
    const expected = numbersOf(goldenCase);
    const { score: tolerance = 0, mse_relative: relative = 0 } = goldenCase.tolerance;
    expect(Math.abs((found.ab + found.ba) / 2 - (expected["score"] ?? NaN))).toBeLessThan(tolerance);
    if (expected["a_on_b"] !== undefined) {
      expect(Math.abs(found.ab - expected["a_on_b"])).toBeLessThan(tolerance);
      expect(Math.abs(found.ba - (expected["b_on_a"] ?? NaN))).toBeLessThan(tolerance);
    }
    if (expected["score_mse"] !== undefined)
      expect(Math.abs((found.mseAb + found.mseBa) / 2 / expected["score_mse"] - 1)).toBeLessThan(relative);
  });
});

interface LayerScores {
  readonly cosine: { readonly a_on_b: readonly number[]; readonly b_on_a: readonly number[] };
  readonly mse?: { readonly a_on_b: readonly number[]; readonly b_on_a: readonly number[] };
}

/** The layers of a case whose query, key and value are stored. */
function storedLayers(goldenCase: GoldenCase): readonly number[] {
  return (
    (goldenCase.parameters["layers"] as readonly number[] | undefined)?.filter(
      (layer) => goldenCase.tensors?.[`layer${layer}.q_a`] !== undefined,
    ) ?? []
  );
}

function expectLayer(goldenCase: GoldenCase, layer: number, found: AlignedScore): void {
  const { cosine, mse } = goldenCase.outputs as unknown as LayerScores;
  const { cosine: tolerance = 0, mse_relative: relative = 0 } = goldenCase.tolerance;
  expect(Math.abs(found.ab - (cosine.a_on_b[layer] ?? NaN))).toBeLessThan(tolerance);
  expect(Math.abs(found.ba - (cosine.b_on_a[layer] ?? NaN))).toBeLessThan(tolerance);
  if (mse === undefined) return;
  expect(Math.abs(found.mseAb / (mse.a_on_b[layer] ?? NaN) - 1)).toBeLessThan(relative);
  expect(Math.abs(found.mseBa / (mse.b_on_a[layer] ?? NaN) - 1)).toBeLessThan(relative);
}

const layerCases = (family: string) =>
  goldenCases(family).flatMap((goldenCase) => storedLayers(goldenCase).map((layer) => [goldenCase.id, layer, goldenCase] as const));

describe("clip-aas: the output projection with its bias comes before the comparison", () => {
  test.each(layerCases("clip-aas"))("%s, layer %i", async (_id, layer, goldenCase) => {
    const checkpoint = await openCheckpoint(goldenCheckpoint(goldenCase.checkpoint ?? ""));
    const name = `vision_model.encoder.layers.${layer}.self_attn.out_proj`;
    const projection = { weight: await checkpoint.readTensor(`${name}.weight`), bias: await checkpoint.readTensor(`${name}.bias`) };
    expectLayer(goldenCase, layer, await score(await storedPair(goldenCase, (part, side) => `layer${layer}.${part}_${side}`), projection));
  });
});

describe("dinov2-aas: no projection", () => {
  test.each(layerCases("dinov2-aas"))("%s, layer %i", async (_id, layer, goldenCase) => {
    expectLayer(goldenCase, layer, await score(await storedPair(goldenCase, (part, side) => `layer${layer}.${part}_${side}`)));
  });
});

describe("starter: query, key and value are the tokens", () => {
  const cases = goldenCases("starter").filter((goldenCase) => goldenCase.tensors?.["tok_style_a"] !== undefined);
  test.each(
    cases.flatMap((goldenCase) => (["style", "subject"] as const).map((question) => [goldenCase.id, question, goldenCase] as const)),
  )("%s, %s", async (_id, question, goldenCase) => {
    const found = await score(await storedPair(goldenCase, (_part, side) => `tok_${question}_${side}`));
    const expected = goldenCase.outputs[`${question}_token_aas`] as { a_on_b: number; b_on_a: number };
    const { score: tolerance = 0 } = goldenCase.tolerance;
    expect(Math.abs(found.ab - expected.a_on_b)).toBeLessThan(tolerance);
    expect(Math.abs(found.ba - expected.b_on_a)).toBeLessThan(tolerance);
  });
});

describe("the laws the published metrics keep on these pictures (cases/scores)", () => {
  const [laws] = goldenCases("scores");
  test.each([
    ["clip_cross layer 2", "clip-aas"],
    ["dino_cross layer 2", "dinov2-aas"],
  ])("%s", async (metric, family) => {
    const stored = laws?.outputs[metric] as { self: Record<string, number>; forward_backward: Record<string, readonly [number, number]> };
    const self = Math.max(...Object.values(stored.self).map((value) => Math.abs(value - 1)));
    const swapped = Math.max(...Object.values(stored.forward_backward).map(([forward, backward]) => Math.abs(forward - backward)));
    const goldenCase = goldenCases(family).find((candidate) => storedLayers(candidate).includes(2));
    if (goldenCase === undefined) throw new Error(`No stored layer of ${family}`);
    const pair = await storedPair(goldenCase, (part, side) => `layer2.${part}_${side}`);
    const [same, forward, backward] = [await score({ a: pair.a, b: pair.a }), await score(pair), await score({ a: pair.b, b: pair.a })];
    const mean = ({ ab, ba }: AlignedScore) => (ab + ba) / 2;
    expect(Math.abs(mean(same) - 1)).toBeLessThan(self + 1e-6);
    expect(Math.abs(mean(forward) - mean(backward))).toBeLessThan(swapped + 1e-6);
  });
});
