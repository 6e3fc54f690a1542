/** @file Which metric answers which question, and which one a person most likely wants. */
import type { MetricName } from "#shared/domain/feature-recipe";
import type { MetricCard, Question } from "#shared/domain/model-card";

export const questions = ["style", "instance", "semantic"] as const satisfies readonly Question[];

/** Keys that choose a question, in the same order. */
export const questionKeys = ["Q", "W", "E"] as const;

/** A metric of the model that comes with the app. */
export function isStarter(metric: MetricName): boolean {
  return metric.startsWith("starter");
}

/** The metrics of a question, in the engine's order. */
export function metricsFor(cards: readonly MetricCard[], question: Question): readonly MetricCard[] {
  return cards.filter((card) => card.question === question);
}

/**
 * The metric that answers a question unless the person chose another: one that is ready, and among those not the starter,
 * because a library was measured with another model only by choice.
 */
export function preferredMetric(cards: readonly MetricCard[], question: Question): MetricCard | null {
  const candidates = metricsFor(cards, question);
  const rank = (card: MetricCard): number =>
    ({ ready: 0, "not-measured": 2, "needs-model": 4 })[card.state] + (isStarter(card.metric) ? 1 : 0);
  return [...candidates].sort((one, other) => rank(one) - rank(other))[0] ?? null;
}

/** The metric in use: the chosen one where the engine knows it, else the preferred one of the first question that can be answered. */
export function currentMetric(cards: readonly MetricCard[], chosen: MetricName | null): MetricCard | null {
  const card = cards.find(({ metric }) => metric === chosen);
  if (card !== undefined) return card;
  const preferred = questions.map((question) => preferredMetric(cards, question)).filter((each) => each !== null);
  return preferred.find(({ state }) => state === "ready") ?? preferred[0] ?? null;
}

/** Share of the library that was measured with the metric, 0..1; 1 for an empty library. */
export function measuredShare({ measured, total }: Pick<MetricCard, "measured" | "total">): number {
  return total === 0 ? 1 : measured / total;
}
