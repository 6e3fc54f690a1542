/** @file One query against 64 targets at the size of Stable Diffusion's first up block (8 heads, 256 tokens, 160 channels), from stored features to scores and heat maps. */
import { createAlignedAttention, type AttentionFeatures } from "#main/ml/scoring/aligned-attention";
import { defaultThreads } from "#main/ml/runtime/inference-session";
import { naiveDirection } from "../support/naive-attention";
import { randomNumbers } from "../support/random-numbers";
import { median, time, type BenchRow } from "./bench";
import { createMatMulCeiling } from "./matmul-ceiling";

const [heads, tokens, headDim, targets] = [8, 256, 160, 64];
/** Two products per direction: rows by keys, weights by values. */
const flopsPerPair = 2 * 4 * heads * tokens * tokens * headDim;

function features(seed: number): AttentionFeatures {
  const part = (i: number) => randomNumbers(heads * tokens * headDim, 7 * seed + i);
  return {
    heads,
    tokens,
    headDim,
    grid: { rows: 16, columns: 16, prefix: 0 },
    query: part(1),
    key: part(2),
    value: part(3),
    output: part(4),
  };
}

export async function alignedAttentionBench(): Promise<readonly BenchRow[]> {
  const threads = defaultThreads();
  const ceiling = await createMatMulCeiling(threads);
  const aligned = await createAlignedAttention({ heads, headDim, device: "cpu", threads });
  const query = features(1);
  const library = Array.from({ length: targets }, (_, i) => features(i + 2));
  const milliseconds: number[] = [];
  // Turn and turn about, so that a busy machine slows both alike.
  for (let round = 0; round < 4; round++) {
    await ceiling.measure();
    milliseconds.push(...(await time(2, () => aligned.score(query, library))));
  }
  const naive = await time(3, () => [naiveDirection(query, library[0] ?? query), naiveDirection(library[0] ?? query, query)]);
  await aligned.dispose();
  await ceiling.dispose();
  const pairsPerSecond = (1000 * targets) / median(milliseconds);
  const naivePairsPerSecond = 1000 / median(naive);
  const share = (pairsPerSecond * flopsPerPair) / ceiling.flopsPerSecond();
  return [
    { name: "MatMul 2048 ceiling", value: ceiling.flopsPerSecond() / 1e9, unit: "GFLOP/s", target: null, ratio: null },
    { name: "AAS, one query against 64", value: pairsPerSecond, unit: "pairs/s", target: null, ratio: null },
    { name: "AAS, share of the ceiling", value: 100 * share, unit: "%", target: 60, ratio: share },
    { name: "AAS, straightforward loop", value: naivePairsPerSecond, unit: "pairs/s", target: null, ratio: null },
    {
      name: "AAS, times the loop",
      value: pairsPerSecond / naivePairsPerSecond,
      unit: "x",
      target: 100,
      ratio: pairsPerSecond / naivePairsPerSecond,
    },
  ];
}
