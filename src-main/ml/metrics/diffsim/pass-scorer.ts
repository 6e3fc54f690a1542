/** @file Scores features that hold several looks at each picture, with other noise or in a mirror: the mean over the looks. */
import { createAlignedAttention, type AlignedAttention, type AlignedScore } from "../../scoring/aligned-attention";
import type { FeatureExtractor, MetricContext } from "../metric";
import { pairScore } from "../vision/pair-score";
import { requiredAttention } from "../vision/required-attention";
import { mirrorings, type CommonSettings } from "./common-settings";
import { meanOverPasses, splitPasses } from "./passes";
import { directedScore } from "./scores";

/** The scoring half of an extractor; its session is made with the first features that come. */
export function createPassScorer(
  context: MetricContext,
  settings: Pick<CommonSettings, "seeds" | "flip" | "similarity">,
): Pick<FeatureExtractor, "score" | "dispose"> {
  const passes = settings.seeds.length * mirrorings(settings).length;
  let aligned: Promise<AlignedAttention> | null = null;
  return {
    score: async (query, targets) => {
      const features = requiredAttention(query);
      const others = targets.map(requiredAttention);
      const { heads, headDim } = features;
      aligned ??= createAlignedAttention({ heads: heads / passes, headDim, ...context.runtime, sessions: context.sessions });
      const scorer = await aligned;
      const otherPasses = others.map((other) => splitPasses(other, passes));
      const byPass: (readonly AlignedScore[])[] = [];
      for (const [i, own] of splitPasses(features, passes).entries())
        byPass.push(
          await scorer.score(
            own,
            otherPasses.map((other) => other[i] ?? own),
          ),
        );
      return others.map(({ grid }, i) => {
        const mean = meanOverPasses(byPass.map((scores) => scores[i]) as [AlignedScore, ...AlignedScore[]]);
        const { score } = directedScore(mean, settings.similarity);
        return pairScore(mean, { a: features.grid, b: grid }, { score, alignmentShare: settings.similarity === "cosine" ? 1 : 0 });
      });
    },
    dispose: async () => {
      await (await aligned)?.dispose();
    },
  };
}
