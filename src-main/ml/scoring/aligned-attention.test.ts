import fc from "fast-check";
import { expect, test } from "vitest";
import { naiveDirection, naiveFeatures } from "../../../tests/support/naive-attention";
import { randomNumbers } from "../../../tests/support/random-numbers";
import { float32ToFloat16 } from "../tensor/half";
import { tensor } from "../tensor/tensor";
import { createAlignedAttention, type AlignedAttention, type AlignedScore } from "./aligned-attention";
import { attentionArrays, type AttentionFeatures, type AttentionGrid } from "./attention-features";
import { type FeatureArray, inForm } from "./feature-array";

const heads = 3;
const headDim = 8;

function features(seed: number, grid: AttentionGrid = { rows: 4, columns: 5, prefix: 0 }): AttentionFeatures {
  const tokens = grid.prefix + grid.rows * grid.columns;
  const part = (i: number) => randomNumbers(heads * tokens * headDim, 10 * seed + i);
  return naiveFeatures({ heads, tokens, headDim, grid, query: part(1), key: part(2), value: part(3) });
}

function kept(image: AttentionFeatures, form: "float16" | "int8"): AttentionFeatures {
  const [query, key, value, output] = attentionArrays.map((name) => inForm(image[name], form, image));
  return { ...image, query, key, value, output } as AttentionFeatures;
}

const halved = (image: AttentionFeatures) => kept(image, "float16");

async function withScorer<T>(
  use: (aligned: AlignedAttention) => Promise<T>,
  projection?: Parameters<typeof createAlignedAttention>[0]["projection"],
): Promise<T> {
  const aligned = await createAlignedAttention({
    heads,
    headDim,
    device: "cpu",
    threads: 1,
    ...(projection === undefined ? {} : { projection }),
  });
  try {
    return await use(aligned);
  } finally {
    await aligned.dispose();
  }
}

function expectLikeNaive(
  score: AlignedScore | undefined,
  a: AttentionFeatures,
  b: AttentionFeatures,
  options: Parameters<typeof naiveDirection>[2] = {},
): void {
  const [ab, ba] = [naiveDirection(a, b, options), naiveDirection(b, a, options)];
  expect(score?.ab).toBeCloseTo(ab.cosine, 5);
  expect(score?.ba).toBeCloseTo(ba.cosine, 5);
  expect((score?.mseAb ?? NaN) / ab.meanSquaredError).toBeCloseTo(1, 4);
  expect((score?.mseBa ?? NaN) / ba.meanSquaredError).toBeCloseTo(1, 4);
  expect(score?.heatA).toHaveLength(a.tokens);
  ab.heat.forEach((cosine, token) => expect(score?.heatA[token]).toBeCloseTo(cosine, 4));
  ba.heat.forEach((cosine, token) => expect(score?.heatB[token]).toBeCloseTo(cosine, 4));
  expect([...(score?.matchA ?? [])]).toEqual([...ab.match]);
  expect([...(score?.matchB ?? [])]).toEqual([...ba.match]);
}

test("scores, heat and matches are those of the plain loops, whatever the grids of the targets", async () => {
  const query = features(1);
  const targets = [
    features(2),
    features(3, { rows: 2, columns: 3, prefix: 1 }),
    features(4),
    features(5, { rows: 2, columns: 3, prefix: 1 }),
  ];
  const scores = await withScorer((aligned) => aligned.score(query, targets));
  expect(scores).toHaveLength(4);
  targets.forEach((target, i) => expectLikeNaive(scores[i], query, target));
});

test("class and register tokens score but are never a match", async () => {
  const [a, b] = [features(6, { rows: 3, columns: 3, prefix: 5 }), features(7, { rows: 3, columns: 3, prefix: 5 })];
  const [score] = await withScorer((aligned) => aligned.score(a, [b]));
  expectLikeNaive(score, a, b);
  expect(Math.min(...(score?.matchA ?? []), ...(score?.matchB ?? []))).toBeGreaterThanOrEqual(5);
});

test("keys without a place in the picture: a match is the patch that gathers at home what was gathered there", async () => {
  const adapted = (seed: number, grid: AttentionGrid): AttentionFeatures => {
    const [tokens, keyTokens] = [grid.prefix + grid.rows * grid.columns, 7];
    const part = (i: number, length: number) => randomNumbers(heads * length * headDim, 10 * seed + i);
    const arrays = { query: part(1, tokens), key: part(2, keyTokens), value: part(3, keyTokens) };
    return naiveFeatures({ heads, tokens, keyTokens, headDim, grid, ...arrays });
  };
  const [a, b] = [adapted(20, { rows: 4, columns: 5, prefix: 0 }), adapted(21, { rows: 2, columns: 3, prefix: 1 })];
  const [[score], [same], [back]] = await withScorer(async (aligned) => [
    await aligned.score(a, [b]),
    await aligned.score(a, [a]),
    await aligned.score(b, [a, a]),
  ]);
  expectLikeNaive(score, a, b);
  expectLikeNaive(back, b, a);
  expect(same?.ab).toBeCloseTo(1, 6);
  expect([...(same?.matchA ?? [])]).toEqual(Array.from({ length: 20 }, (_, token) => token));
});

test("an output projection is applied to both sides of the comparison", async () => {
  const channels = heads * headDim;
  const projection = { weight: tensor([7, channels], randomNumbers(7 * channels, 90)), bias: tensor([7], randomNumbers(7, 91)) };
  const [a, b] = [features(8), features(9)];
  const [score] = await withScorer((aligned) => aligned.score(a, [b]), projection);
  expectLikeNaive(score, a, b, { projection });
});

test("features stored at half precision may be mixed with full ones", async () => {
  const [a, b] = [features(10), features(11)];
  const half = halved(b);
  const [mixed, both] = await withScorer(async (aligned) => [
    (await aligned.score(a, [half]))[0],
    (await aligned.score(halved(a), [half]))[0],
  ]);
  expectLikeNaive(mixed, a, half);
  expect(both?.ab).toBeCloseTo(naiveDirection(a, b).cosine, 3);
});

test("features stored in eight bits score as the numbers they stand for, beside any other form", async () => {
  const adapted = { rows: 2, columns: 3, prefix: 1 };
  const [a, b, other] = [features(30), features(31), features(32, adapted)];
  const [forms, targets] = [
    [a, halved(a), kept(a, "int8")],
    [kept(b, "int8"), halved(b), kept(b, "int8"), kept(other, "int8")],
  ];
  await withScorer(async (aligned) => {
    for (const query of forms) {
      const scores = await aligned.score(query, targets);
      targets.forEach((target, i) => expectLikeNaive(scores[i], query, target));
      expect(scores[0]?.ab).toBeCloseTo(naiveDirection(a, b).cosine, 2);
    }
  });
});

test("features in memory that threads share score as those in memory of their own, and stay as they are", async () => {
  const shared = <Numbers extends Float32Array | Uint16Array | Int8Array>(numbers: Numbers): Numbers => {
    const bytes = new Uint8Array(new SharedArrayBuffer(numbers.byteLength));
    bytes.set(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
    const over = numbers.constructor as new (buffer: ArrayBufferLike) => Numbers;
    return new over(bytes.buffer);
  };
  const inShared = (array: FeatureArray): FeatureArray =>
    ArrayBuffer.isView(array)
      ? shared(array)
      : { ...array, values: shared(array.values), scale: shared(array.scale), mean: shared(array.mean) };
  const [a, b] = [features(40), features(41)];
  await withScorer(async (aligned) => {
    for (const target of [b, halved(b), kept(b, "int8")]) {
      const [query, key, value, output] = attentionArrays.map((name) => inShared(target[name]));
      const lent = { ...target, query, key, value, output } as AttentionFeatures;
      const own = await aligned.score(a, [target]);
      expect(await Promise.all([aligned.score(a, [lent]), aligned.score(a, [lent])])).toEqual([own, own]);
      expect(await aligned.score(lent, [target])).toEqual(await aligned.score(target, [target]));
      expect(lent).toEqual(target);
    }
  });
});

test("cosines alone are to the last bit those beside the maps", async () => {
  const [a, b, other] = [features(50), features(51), features(52, { rows: 2, columns: 3, prefix: 1 })];
  const targets = [b, other, halved(b), kept(b, "int8"), a];
  const projection = { weight: tensor([7, 24], randomNumbers(168, 90)), bias: tensor([7], randomNumbers(7, 91)) };
  for (const projected of [undefined, projection]) {
    const [cosines, scores] = await withScorer(
      async (aligned) => [await aligned.cosines(a, targets), await aligned.score(a, targets)],
      projected,
    );
    expect(cosines).toEqual(scores.map(({ ab, ba }) => ({ ab, ba })));
  }
});

test("a target given twice is answered twice", async () => {
  const [a, b] = [features(12), features(13)];
  const scores = await withScorer((aligned) => aligned.score(a, [b, b]));
  expect(scores.map((score) => score.ab)).toEqual([scores[0]?.ab, scores[0]?.ab]);
  expect(await withScorer((aligned) => aligned.score(a, []))).toEqual([]);
});

test("law: a picture against itself scores 1, and swapping the pair swaps the directions", async () => {
  await withScorer((aligned) =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 1, max: 1_000_000 }), async (seedA, seedB) => {
        const [a, b] = [features(seedA), features(seedB)];
        const [same] = await aligned.score(a, [a]);
        const rounded = kept(a, "int8");
        const [roundedSame] = await aligned.score(rounded, [rounded]);
        const [forth] = await aligned.score(a, [b]);
        const [back] = await aligned.score(b, [a]);
        expect(Math.abs((same?.ab ?? 0) - 1)).toBeLessThan(1e-4);
        expect(Math.abs((same?.ba ?? 0) - 1)).toBeLessThan(1e-4);
        expect(Math.abs((roundedSame?.ab ?? 0) - 1)).toBeLessThan(1e-4);
        expect(forth?.ab).toBeCloseTo(back?.ba ?? NaN, 6);
        expect(forth?.ba).toBeCloseTo(back?.ab ?? NaN, 6);
      }),
      { numRuns: 25 },
    ),
  );
});

test("features that do not belong together are refused", async () => {
  const a = features(14);
  const other = { ...a, heads: 1, headDim: 24 };
  const short = { ...a, key: new Float32Array(3) };
  const mixed = { ...a, key: float32ToFloat16(a.key as Float32Array) };
  await withScorer(async (aligned) => {
    for (const target of [other, short, mixed])
      await expect(aligned.score(a, [target])).rejects.toMatchObject({ code: "scoring/incompatible-features" });
  });
});

test("features without numbers are an error, not a score", async () => {
  const a = features(15);
  const damaged = { ...a, value: (a.value as Float32Array).map(() => NaN) };
  await expect(withScorer((aligned) => aligned.score(a, [damaged]))).rejects.toMatchObject({ code: "weights/not-finite" });
});
