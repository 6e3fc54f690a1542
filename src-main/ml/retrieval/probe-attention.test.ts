import { expect, test } from "vitest";
import { naiveDirection, naiveFeatures } from "../../../tests/support/naive-attention";
import { randomNumbers } from "../../../tests/support/random-numbers";
import type { AttentionFeatures } from "../scoring/attention-features";
import { float32ToFloat16 } from "../tensor/half";
import { cosine, norm } from "../tensor/linear-algebra";
import { effectiveKeys, probeAnswers, probesFor, probesOfHead, queriesOf, type ProbeCodebook } from "./probe-attention";
import { recallOf } from "./recall";

const [heads, tokens, headDim] = [2, 24, 8];

/** Pictures of a few materials: tokens lie near some of six common ones, in shares of the picture's own. */
function picture(seed: number): AttentionFeatures {
  const common = randomNumbers(6 * headDim * 3, 99);
  const noise = randomNumbers(3 * heads * tokens * headDim, seed + 1000);
  const part = (which: number): Float32Array =>
    Float32Array.from({ length: heads * tokens * headDim }, (_, at) => {
      const [head, token, channel] = [Math.floor(at / (tokens * headDim)), Math.floor(at / headDim) % tokens, at % headDim];
      const material = ((token % (1 + (seed % 4))) * 2 + seed * 5 + head) % 6;
      return 2 * common[(which * 6 + material) * headDim + channel]! + 0.5 * noise[which * heads * tokens * headDim + at]!;
    });
  const grid = { rows: 4, columns: 6, prefix: 0 };
  return naiveFeatures({ heads, tokens, headDim, grid, query: part(0), key: part(1), value: part(2) });
}

function codebookOf(pictures: readonly AttentionFeatures[], probes: number): ProbeCodebook {
  const centres = new Float32Array(heads * probes * headDim);
  const shares = new Float32Array(heads * probes);
  for (let head = 0; head < heads; head++) {
    const queries = Float32Array.from(pictures.flatMap((each) => [...queriesOf(each)(head)]));
    const found = probesOfHead(queries, { headDim, probes });
    centres.set(found.centres, head * probes * headDim);
    shares.set(found.shares, head * probes);
  }
  return { heads, headDim, probes, centres, shares };
}

test("where every query of a picture is a probe, its answers are its attention output", () => {
  const one = picture(1);
  // Each token is a probe of its own share, so the concatenated answers are the output itself, token by token.
  const centres = one.query as Float32Array;
  const codebook: ProbeCodebook = { heads, headDim, probes: tokens, centres, shares: new Float32Array(heads * tokens).fill(1 / tokens) };
  expect(cosine(probeAnswers(one, codebook, "library"), one.output as Float32Array)).toBeCloseTo(1, 6);
  // Then the cosine with another picture's answers is the score of one direction exactly.
  const other = picture(2);
  const foretold = cosine(probeAnswers(one, codebook, "library"), probeAnswers(other, codebook, "library"));
  expect(foretold).toBeCloseTo(naiveDirection(one, other).cosine, 5);
});

test("cosines of the answers order pictures nearly as the scores do", () => {
  const pictures = Array.from({ length: 60 }, (_, seed) => picture(seed));
  const codebook = codebookOf(pictures, 16);
  const answers = pictures.map((each) => probeAnswers(each, codebook, "library"));
  const recalls = [3, 17, 41].map((asked) => {
    const query = pictures[asked]!;
    const exact = pictures.map((each) => naiveDirection(query, each).cosine + naiveDirection(each, query).cosine);
    return recallOf(
      exact,
      answers.map((each) => cosine(each, answers[asked]!)),
      { wanted: 6, kept: 10 },
    );
  });
  expect(Math.min(...recalls)).toBeGreaterThanOrEqual(0.95);
});

test("answers have unit length, at half precision nearly the same, and depend on a picture's own queries only where they are asked to", () => {
  const one = picture(5);
  const codebook = codebookOf([picture(1), picture(2), one], 8);
  const half = (values: AttentionFeatures["query"]) => float32ToFloat16(values as Float32Array);
  const rounded = { ...one, query: half(one.query), key: half(one.key), value: half(one.value), output: half(one.output) };
  const otherQueries = { ...one, query: picture(9).query };
  for (const weighting of ["library", "own"] as const) {
    const answers = probeAnswers(one, codebook, weighting);
    expect(norm(answers)).toBeCloseTo(1, 6);
    expect(cosine(answers, probeAnswers(rounded, codebook, weighting))).toBeCloseTo(1, 4);
    const same = cosine(answers, probeAnswers(otherQueries, codebook, weighting)) > 1 - 1e-9;
    expect(same).toBe(weighting === "library");
  }
});

test("keys of an adapter, of another number than the tokens, are asked all the same", () => {
  const one = picture(6);
  const keyTokens = 5;
  const part = (values: AttentionFeatures["key"]) => Float32Array.from(values as Float32Array).slice(0, heads * keyTokens * headDim);
  const adapted = { ...one, keyTokens, key: part(one.key), value: part(one.value) };
  expect(probeAnswers(adapted, codebookOf([one], 8), "own")).toHaveLength(heads * 8 * headDim);
});

test("wide attention has fewer probes, so that a picture's answers stay small", () => {
  expect(probesFor({ heads: 1, headDim: 64 })).toBe(32);
  expect(probesFor({ heads: 16, headDim: 160 })).toBe(16);
  expect(probesFor({ heads: 64, headDim: 1280 })).toBe(1);
});

test("effective keys: one where attention is peaked, all where it is flat", () => {
  const one = picture(7);
  const flat = { ...one, query: new Float32Array(heads * tokens * headDim) };
  expect(effectiveKeys(flat)).toBeCloseTo(tokens, 3);
  const peaked = { ...one, query: (one.key as Float32Array).map((x) => 100 * x) };
  expect(effectiveKeys(peaked)).toBeCloseTo(1, 3);
});
