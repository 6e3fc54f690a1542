/** @file Scores of metrics for which one vector a picture is all there is. */
import { dot } from "../tensor/linear-algebra";
import type { ImageFeatures, PairScore } from "./metric";

/** The cosine of the pooled vectors, which have unit length, times `factor`. */
export function scorePooled(query: ImageFeatures, targets: readonly ImageFeatures[], factor = 1): Promise<readonly PairScore[]> {
  const scoreOf = (target: ImageFeatures): PairScore => ({
    score: factor * dot(query.pooled, target.pooled),
    directions: { ab: null, ba: null },
    a: null,
    b: null,
  });
  return Promise.resolve(targets.map(scoreOf));
}
