/** @file Scores of stored feature maps. A map is kept as tokens of one head; query, key, value and output are the same numbers, so they are kept once. */
import { appError } from "#shared/domain/app-error";
import type { AttentionFeatures } from "../../scoring/attention-features";
import { widened } from "../../scoring/feature-array";
import { tokenParts } from "../../scoring/token-parts";
import { norm } from "../../tensor/linear-algebra";
import { float32Output } from "../../tensor/float32-output";
import { tensor, type Float32Tensor, type Tensor } from "../../tensor/tensor";
import type { FeatureExtractor, ImageFeatures, MetricContext, PairMap, PairScore } from "../metric";
import { requiredAttention } from "../vision/required-attention";
import { buildMapMatch } from "./map-match-graph";

/** Pairs of one run: their cosines of all places with all places are in memory together. */
const pairsPerRun = 8;

/** A map [C, H, W] as tokens, at a root mean square of one so that half precision can hold it; no cosine changes by that. */
export function mapTokens({ shape, data }: Float32Tensor): AttentionFeatures {
  const [channels = 1, rows = 1, columns = 1] = shape;
  const tokens = rows * columns;
  const length = norm(data);
  const scale = length === 0 ? 1 : Math.sqrt(data.length) / length;
  const numbers = new Float32Array(data.length);
  for (let channel = 0; channel < channels; channel++) {
    for (let token = 0; token < tokens; token++) numbers[token * channels + channel] = scale * (data[channel * tokens + token] ?? 0);
  }
  const grid = { rows, columns, prefix: 0 };
  return { heads: 1, tokens, headDim: channels, grid, query: numbers, key: numbers, value: numbers, output: numbers };
}

/** The scoring half of an extractor of maps. */
export function mapScorer(context: MetricContext): Pick<FeatureExtractor, "score" | "dispose"> {
  return { score: (query, targets) => scoreMaps(context, query, targets), dispose: () => Promise.resolve() };
}

/**
 * One map against others: the cosine of the maps as they lie upon one another, and for every place the best cosine with any place of the other.
 *
 * @throws scoring/incompatible-features when maps are of different sizes
 */
async function scoreMaps(
  { sessions, runtime }: MetricContext,
  query: ImageFeatures,
  targets: readonly ImageFeatures[],
): Promise<readonly PairScore[]> {
  const a = requiredAttention(query);
  const others = targets.map(requiredAttention);
  for (const { tokens, headDim } of others) {
    if (tokens !== a.tokens || headDim !== a.headDim)
      throw appError("scoring/incompatible-features", `A map of ${tokens} places cannot be laid upon one of ${a.tokens}.`, {
        hint: "Both pictures must be indexed with the same model and layer.",
      });
  }
  const isHalf = [a, ...others].every(({ output }) => output instanceof Uint16Array);
  const dtype = isHalf ? "float16" : "float32";
  const session = await sessions.get(buildMapMatch({ tokens: a.tokens, channels: a.headDim, dtype }), runtime);
  const scores: PairScore[] = [];
  for (let start = 0; start < others.length; start += pairsPerRun) {
    const chunk = others.slice(start, start + pairsPerRun);
    scores.push(...readScores(await session.run({ a: stacked([a], dtype), b: stacked(chunk, dtype) }), a, chunk.length));
  }
  return scores;
}

function stacked(maps: readonly AttentionFeatures[], dtype: "float32" | "float16"): Tensor {
  const [{ tokens, headDim }] = maps as readonly [AttentionFeatures, ...AttentionFeatures[]];
  const size = tokens * headDim;
  const shape = [maps.length, tokens, headDim];
  if (dtype === "float16") {
    const data = new Uint16Array(maps.length * size);
    maps.forEach((map, i) => data.set(map.output as Uint16Array, i * size));
    return { dtype, shape, data };
  }
  const data = new Float32Array(maps.length * size);
  maps.forEach((map, i) => data.set(widened(map.output), i * size));
  return tensor(shape, data);
}

function readScores(outputs: Readonly<Record<string, Tensor>>, { tokens, grid }: AttentionFeatures, count: number): readonly PairScore[] {
  const { rows, columns } = grid;
  const score = float32Output("score", outputs["score"]).data;
  const side = (name: "a" | "b", pair: number): PairMap => {
    const [from, to] = [pair * tokens, (pair + 1) * tokens];
    const places = outputs[`match_${name}`]?.data as BigInt64Array;
    return {
      grid: { rows, columns },
      heat: float32Output("heat", outputs[`heat_${name}`]).data.slice(from, to),
      match: Int32Array.from(places.subarray(from, to), Number),
    };
  };
  const lengths = (name: "a" | "b", pair: number): Float32Array =>
    float32Output(`squared_${name}`, outputs[`squared_${name}`]).data.slice(pair * tokens, (pair + 1) * tokens);
  const same = float32Output("same", outputs["same"]).data;
  return Array.from({ length: count }, (_, pair) => {
    const parts = tokenParts({
      heat: same.slice(pair * tokens, (pair + 1) * tokens),
      crossedSquared: lengths("b", pair),
      ownSquared: lengths("a", 0),
    });
    return {
      score: score[pair] ?? 0,
      directions: { ab: null, ba: null },
      a: side("a", pair),
      b: side("b", pair),
      alignment: { share: 1, a: parts, b: parts },
    };
  });
}
