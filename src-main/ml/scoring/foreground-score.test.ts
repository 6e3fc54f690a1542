import fc from "fast-check";
import { expect, test } from "vitest";
import { naiveDirection, naiveFeatures } from "../../../tests/support/naive-attention";
import { randomNumbers } from "../../../tests/support/random-numbers";
import { pairScore } from "../metrics/vision/pair-score";
import { createAlignedAttention } from "./aligned-attention";
import type { AttentionFeatures, AttentionGrid } from "./attention-features";
import { foregroundScore } from "./foreground-score";
import { meanParts } from "./token-parts";

const heads = 2;
const headDim = 6;

function features(seed: number, grid: AttentionGrid = { rows: 3, columns: 4, prefix: 0 }): AttentionFeatures {
  const tokens = grid.prefix + grid.rows * grid.columns;
  const part = (i: number) => randomNumbers(heads * tokens * headDim, 10 * seed + i);
  return naiveFeatures({ heads, tokens, headDim, grid, query: part(1), key: part(2), value: part(3) });
}

async function scored(a: AttentionFeatures, b: AttentionFeatures, own?: Parameters<typeof pairScore>[2]) {
  const aligned = await createAlignedAttention({ heads, headDim, device: "cpu", threads: 1 });
  try {
    const [score] = await aligned.score(a, [b]);
    if (score === undefined) throw new Error("one target gives one score");
    return pairScore(score, { a: a.grid, b: b.grid }, own);
  } finally {
    await aligned.dispose();
  }
}

const full = ({ grid }: AttentionFeatures) => new Uint8Array(grid.rows * grid.columns).fill(1);
const half = ({ grid }: AttentionFeatures) => Uint8Array.from({ length: grid.rows * grid.columns }, (_, tile) => (tile % 2 === 0 ? 1 : 0));

test("with everything in the foreground it is the score of the pair to the last bit: plain, with class tokens, blended", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 999 }), fc.integer({ min: 0, max: 3 }), fc.boolean(), async (seed, prefix, isBlend) => {
      const [a, b] = [features(seed, { rows: 3, columns: 4, prefix }), features(seed + 1, { rows: 2, columns: 5, prefix })];
      const pair = await scored(a, b, isBlend ? { score: 0.37, alignmentShare: 0.7 } : undefined);
      expect(foregroundScore(pair, { a: full(a), b: full(b) })).toBe(pair.score);
    }),
    { numRuns: 20 },
  );
});

test("it is the cosine of what the tokens of the foreground gather abroad and at home", async () => {
  const [a, b] = [features(1), features(2, { rows: 2, columns: 3, prefix: 0 })];
  const masks = { a: half(a), b: half(b) };
  const expected = (cosineOver(a, b, masks.a) + cosineOver(b, a, masks.b)) / 2;
  expect(foregroundScore(await scored(a, b), masks)).toBeCloseTo(expected, 5);
});

test("the parts of a direction sum to its score, and what is gathered to all of it", async () => {
  const pair = await scored(features(3, { rows: 3, columns: 3, prefix: 2 }), features(4));
  const sum = (numbers: Float32Array | undefined) => (numbers ?? new Float32Array()).reduce((total, number) => total + number, 0);
  expect(sum(pair.alignment?.a.agreement)).toBeCloseTo(pair.directions.ab ?? NaN, 5);
  expect(sum(pair.alignment?.b.agreement)).toBeCloseTo(pair.directions.ba ?? NaN, 5);
  for (const parts of [pair.alignment?.a, pair.alignment?.b]) {
    expect(sum(parts?.crossed)).toBeCloseTo(1, 5);
    expect(sum(parts?.own)).toBeCloseTo(1, 5);
  }
});

test("a blend exchanges its aligned part, and its other parts weigh by the share of foreground", async () => {
  const [a, b] = [features(5), features(6)];
  const masks = { a: half(a), b: half(b) };
  const plain = await scored(a, b);
  const foreground = foregroundScore(plain, masks) ?? NaN;
  const blended = await scored(a, b, { score: 0.2, alignmentShare: 0.5 });
  const others = 0.2 - 0.5 * plain.score;
  expect(foregroundScore(blended, masks)).toBeCloseTo((0.5 * others + 0.5 * foreground) / (0.5 * 0.5 + 0.5), 6);
});

test("a picture with itself has 1 in any foreground", async () => {
  const a = features(7);
  expect(foregroundScore(await scored(a, a), { a: half(a), b: full(a) })).toBeCloseTo(1, 5);
});

test("there is none where a side has no foreground, nor where the score is not made of tokens", async () => {
  const [a, b] = [features(8), features(9)];
  const none = new Uint8Array(12);
  expect(foregroundScore(await scored(a, b), { a: none, b: full(b) })).toBeNull();
  expect(foregroundScore(await scored(a, b), { a: full(a), b: none })).toBeNull();
  expect(foregroundScore(await scored(a, b, { score: 0.4, alignmentShare: 0 }), { a: full(a), b: full(b) })).toBeNull();
});

test("a mask with more tiles than there are tokens is refused", async () => {
  const [a, b] = [features(8), features(9)];
  const pair = await scored(a, b);
  expect(() => foregroundScore(pair, { a: new Uint8Array(99).fill(1), b: full(b) })).toThrow(/99 tiles does not fit 12 tokens/);
});

test("several looks at a pair are its mean parts", () => {
  const look = (value: number) => ({ agreement: Float32Array.of(value), crossed: Float32Array.of(1), own: Float32Array.of(1) });
  expect(meanParts([look(0.25), look(0.75)])).toEqual({
    agreement: Float32Array.of(0.5),
    crossed: Float32Array.of(1),
    own: Float32Array.of(1),
  });
});

/** The direction over the tokens of the mask, by the plain loops: their heat comes from vectors of these tokens alone. */
function cosineOver(from: AttentionFeatures, to: AttentionFeatures, mask: Uint8Array): number {
  const kept = [...mask].flatMap((tile, token) => (tile === 1 ? [token] : []));
  const pick = (numbers: AttentionFeatures["query"]) => {
    const all = numbers as Float32Array;
    const rows: number[] = [];
    for (let head = 0; head < heads; head++)
      for (const token of kept)
        rows.push(...all.subarray((head * from.tokens + token) * headDim, (head * from.tokens + token + 1) * headDim));
    return Float32Array.from(rows);
  };
  const part: AttentionFeatures = {
    ...from,
    tokens: kept.length,
    grid: { rows: 1, columns: kept.length, prefix: 0 },
    query: pick(from.query),
    output: pick(from.output),
  };
  return naiveDirection(part, to).cosine;
}
