/** @file Looking past the other property: which metric speaks for it, and the answer ordered anew while the slider moves. Nothing is asked of the engine. */
import { adjustedScore, usualAgainstWeights } from "#shared/domain/adjusted-score";
import type { MetricCard, Question } from "#shared/domain/model-card";
import type { Against, Match, SearchEvent } from "#shared/domain/search";
import { preferredMetric } from "./metric-choice";

/** What a question may look past: a style past what is shown, a thing or its kind past how it is drawn. */
const otherQuestion: Readonly<Record<Question, Question>> = { style: "instance", instance: "style", semantic: "style" };

/** The metric that is taken off; null where nothing is chosen or the engine has none. */
export function otherMetric(cards: readonly MetricCard[], current: MetricCard | null): MetricCard | null {
  return current === null ? null : preferredMetric(cards, otherQuestion[current.question]);
}

/** Whether the metric's scores are there to be taken off. */
export function isUsable(card: MetricCard | null): card is MetricCard {
  return card !== null && card.state !== "needs-model" && card.measured > 0;
}

/**
 * What the engine is asked to look past; null while the slider is at 0. It is always the usual weight: both scores of each result come with the
 * answer, so another weight is the same question.
 */
export function askedAgainst(weight: number, current: MetricCard | null, other: MetricCard | null): Against | null {
  if (weight === 0 || current === null || !isUsable(other)) return null;
  return { metric: other.metric, weight: usualAgainstWeights[current.question] };
}

/** The matches of an answer by the slider's weight, ranked anew; as they are where the answer looks past nothing. */
export function lookPast({ matches, against }: SearchEvent, weight: number): readonly Match[] {
  if (against === null) return matches;
  return matches
    .map((match) => ({ ...match, adjusted: adjustedScore(match.score, match.againstScore, { ...against, weight }) }))
    .sort((one, other) => other.adjusted - one.adjusted || (one.asset.id < other.asset.id ? -1 : 1))
    .map((match, index) => ({ ...match, rank: index + 1 }));
}
