/**
 * @file How the published scripts decide whether one metric got a triplet right, with what they get wrong themselves.
 * Source: decision blocks of cute_main.py:189, dreambench_main.py:200, ipref_main.py:150, night_main.py:150, style_main.py:161 and tid_main.py:158
 * of the published DiffSim code (quirks E3, E5-E9).
 */
import type { SimilarityMeasure } from "#shared/domain/feature-recipe";
import type { PairOfScores } from "./votes";

export type PublishedScript = "cute" | "dreambench" | "ipref" | "night" | "style" | "tid";

/** A metric by the name that the scripts give it, and the measure they were started with. */
export interface PublishedMetric {
  readonly metric: string;
  readonly similarity: SimilarityMeasure;
}

/** Whether a script takes the lower score as the nearer one. */
function takesLower(script: PublishedScript, { metric, similarity }: PublishedMetric): boolean {
  switch (script) {
    case "cute":
    case "style":
    case "night":
      // Under mse every metric is taken for a distance, CLIP-I and DINO too.
      return similarity === "mse" || metric === "lpips";
    case "ipref":
      return metric === "lpips" || (metric.includes("diffsim") && similarity === "mse");
    case "dreambench":
    case "tid":
      return false;
  }
}

/** Whether the script calls a metric nearer to picture a: equal scores never are. */
export function publishedPicksA(script: PublishedScript, metric: PublishedMetric, { a, b }: PairOfScores): boolean {
  return takesLower(script, metric) ? a < b : a > b;
}

/** Whether a triplet counts as "twice as near" too, which cute and style alone count; without meaning where cosines are negative. */
export function publishedIsTwiceAsNear(script: "cute" | "style", metric: PublishedMetric, { a, b }: PairOfScores): boolean {
  return takesLower(script, metric) ? 2 * a < b : a > 2 * b;
}
