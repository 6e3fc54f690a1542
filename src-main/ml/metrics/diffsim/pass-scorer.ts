/** @file Scores features that hold several looks at each picture, with other noise or in a mirror: the mean over the looks. */
import { defined } from "#shared/lib/assert";
import { createAlignedAttention, type AlignedAttention, type AttentionFeatures } from "../../scoring/aligned-attention";
import type { FeatureExtractor, MetricContext } from "../metric";
import { pairScore, scoreAlone } from "../vision/pair-score";
import { requiredAttention } from "../vision/required-attention";
import { mirrorings, type CommonSettings } from "./common-settings";
import { meanCosines, meanOverPasses, splitPasses } from "./passes";
import { directedScore } from "./scores";

/** The scoring half of an extractor; its session is made with the first features that come. */
export function createPassScorer(
  context: MetricContext,
  settings: Pick<CommonSettings, "seeds" | "flip" | "similarity">,
): Pick<FeatureExtractor, "score" | "dispose"> {
  const passes = settings.seeds.length * mirrorings(settings).length;
  let aligned: Promise<AlignedAttention> | null = null;

  /** What `score` answers for every pass, by target. */
  async function byTarget<Score>(
    score: (aligned: AlignedAttention, query: AttentionFeatures, targets: readonly AttentionFeatures[]) => Promise<readonly Score[]>,
    query: AttentionFeatures,
    targets: readonly AttentionFeatures[],
  ): Promise<readonly (readonly [Score, ...Score[]])[]> {
    const { heads, headDim } = query;
    aligned ??= createAlignedAttention({ heads: heads / passes, headDim, ...context.runtime, sessions: context.sessions });
    const scorer = await aligned;
    const targetPasses = targets.map((target) => splitPasses(target, passes));
    const byPass: (readonly Score[])[] = [];
    for (const [i, own] of splitPasses(query, passes).entries())
      byPass.push(
        await score(
          scorer,
          own,
          targetPasses.map((target) => target[i] ?? own),
        ),
      );
    return targets.map((_, i) => byPass.map((scores) => scores[i]) as [Score, ...Score[]]);
  }

  return {
    score: async (query, targets, detail) => {
      const features = requiredAttention(query);
      const others = targets.map(requiredAttention);
      if (detail === "score" && settings.similarity === "cosine") {
        const cosines = await byTarget((scorer, a, bs) => scorer.cosines(a, bs), features, others);
        return cosines.map((looks) => scoreAlone(meanCosines(looks)));
      }
      const scores = await byTarget((scorer, a, bs) => scorer.score(a, bs), features, others);
      return others.map(({ grid }, i) => {
        const mean = meanOverPasses(defined(scores[i], "one score a target"));
        const { score } = directedScore(mean, settings.similarity);
        return pairScore(mean, { a: features.grid, b: grid }, { score, alignmentShare: settings.similarity === "cosine" ? 1 : 0 });
      });
    },
    dispose: async () => {
      await (await aligned)?.dispose();
    },
  };
}
