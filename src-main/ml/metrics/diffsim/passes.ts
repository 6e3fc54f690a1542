/** @file Several looks at one picture, with other noise or in a mirror, kept as one: their heads side by side. */
import type { AlignedCosines, AlignedScore } from "../../scoring/aligned-attention";
import type { AttentionArray, AttentionFeatures } from "../../scoring/attention-features";
import { partOfHeads } from "../../scoring/feature-array";
import { meanParts } from "../../scoring/token-parts";
import { reverseColumns } from "../../tensor/reverse-columns";
import type { TappedImage } from "../feature-pass";

/** The features of each pass, in their order; they share the memory of the whole. */
export function splitPasses(features: AttentionFeatures, passes: number): readonly AttentionFeatures[] {
  const heads = features.heads / passes;
  return Array.from({ length: passes }, (_, pass) => {
    const part = (name: AttentionArray) => partOfHeads(features[name], pass, passes);
    return { ...features, heads, query: part("query"), key: part("key"), value: part("value"), output: part("output") };
  });
}

/** The mean over passes of scores, of heat per token and of what a token adds; the matched patches are those of the first. */
export function meanOverPasses(scores: readonly [AlignedScore, ...AlignedScore[]]): AlignedScore {
  const [first] = scores;
  if (scores.length === 1) return first;
  const mean = (of: (score: AlignedScore) => number) => scores.reduce((sum, score) => sum + of(score), 0) / scores.length;
  return {
    ...first,
    ...meanCosines(scores),
    mseAb: mean(({ mseAb }) => mseAb),
    mseBa: mean(({ mseBa }) => mseBa),
    heatA: first.heatA.map((_, token) => mean(({ heatA }) => heatA[token] ?? 0)),
    heatB: first.heatB.map((_, token) => mean(({ heatB }) => heatB[token] ?? 0)),
    partsA: meanParts(scores.map(({ partsA }) => partsA)),
    partsB: meanParts(scores.map(({ partsB }) => partsB)),
  };
}

/** The mean over passes of both directions. */
export function meanCosines(passes: readonly AlignedCosines[]): AlignedCosines {
  const mean = (of: (cosines: AlignedCosines) => number) => passes.reduce((sum, cosines) => sum + of(cosines), 0) / passes.length;
  return { ab: mean(({ ab }) => ab), ba: mean(({ ba }) => ba) };
}

/** What the attention shows of a mirror image, [rows, heads, T, headDim], with the tokens of each line of the picture in their own order again. The tokens of an IP-Adapter have no place. */
export function turnedBack(tapped: TappedImage): TappedImage {
  return new Map(
    [...tapped].map(([tap, value]) => {
      if (/\.[kv]_ip$/.test(tap)) return [tap, value];
      const [, , tokens = 1, headDim = 1] = value.shape;
      return [tap, reverseColumns(value, Math.round(Math.sqrt(tokens)), headDim)];
    }),
  );
}
