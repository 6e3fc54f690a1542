/** @file Which metric answers a question on this library. */
import type { MetricCard, Question } from "#shared/domain/model-card";

/** The metric for a question: one that is ready before one that is not measured, the one measured furthest first; null when all need a model. */
export function metricForQuestion(cards: readonly MetricCard[], question: Question): MetricCard | null {
  const usable = cards.filter((card) => card.question === question && card.state !== "needs-model");
  const share = (card: MetricCard): number => (card.total === 0 ? 0 : card.measured / card.total);
  return usable.reduce<MetricCard | null>((best, card) => (best === null || share(card) > share(best) ? card : best), null);
}
