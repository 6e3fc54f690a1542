/** @file What is said about each metric: its question, whether it has a map, what it ranks by, and what was measured about it. */
import type { MetricName } from "#shared/domain/feature-recipe";
import type { MetricCard, Question } from "#shared/domain/model-card";

export interface MetricFacts {
  readonly title: string;
  readonly question: Question;
  /** Whether its features hold tokens, which maps are made of. */
  readonly hasTokens: boolean;
  /** Whether its score needs the tokens; otherwise it is the cosine of the pooled vectors, and there is nothing to rank again. */
  readonly ranksByTokens: boolean;
  readonly accuracy: MetricCard["accuracy"];
}

const starterSource = "Starter model card: held-out emoji sets, two-alternative choices";

/** One row a metric. Accuracies are measured ones, with the set they were measured on. */
export const metricFacts: Readonly<Record<MetricName, MetricFacts>> = {
  "starter-style": {
    title: "Starter: style",
    question: "style",
    hasTokens: true,
    ranksByTokens: false,
    accuracy: { percent: 82.8, set: "Emoji", trials: 800, source: starterSource },
  },
  "starter-subject": {
    title: "Starter: subject",
    question: "instance",
    hasTokens: true,
    ranksByTokens: true,
    accuracy: { percent: 95.5, set: "Emoji", trials: 800, source: starterSource },
  },
  "diffsim-s": { title: "DiffSim-S", question: "style", hasTokens: true, ranksByTokens: true, accuracy: null },
  "clip-aas": { title: "CLIP AAS", question: "style", hasTokens: true, ranksByTokens: true, accuracy: null },
  "clip-i": { title: "CLIP-I", question: "semantic", hasTokens: false, ranksByTokens: false, accuracy: null },
  "clip-features": { title: "CLIP features", question: "semantic", hasTokens: false, ranksByTokens: false, accuracy: null },
  "dinov2-aas": { title: "DINOv2 AAS", question: "style", hasTokens: true, ranksByTokens: true, accuracy: null },
  "dinov2-cls": { title: "DINOv2 class token", question: "instance", hasTokens: false, ranksByTokens: false, accuracy: null },
  "dinov2-features": { title: "DINOv2 features", question: "instance", hasTokens: false, ranksByTokens: false, accuracy: null },
};

/**
 * Which metric answers a question when the person names none: the first that the whole library is measured with.
 * Order by the published accuracy on style sets (DiffSim, table 1) and on instance sets; the starter answers what nothing else can.
 */
export const preferredMetrics: Readonly<Record<Question, readonly MetricName[]>> = {
  style: ["diffsim-s", "dinov2-aas", "clip-aas", "starter-style"],
  instance: ["dinov2-cls", "dinov2-features", "starter-subject"],
  semantic: ["clip-i", "dinov2-cls", "starter-subject"],
};
