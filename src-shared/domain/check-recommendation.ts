/** @file Which measures a check looks by when nobody names them, and what those that were named cannot see. */
import type { CheckMeasure } from "./check";
import type { BlindSpot, MetricCard, Question } from "./model-card";

/** What a measure sees that another one is blind to. */
const seenBy: Readonly<Record<BlindSpot, string>> = { colour: "colour" };

/**
 * The metric that answers the question best among those that the whole library is measured with, and one for each thing it is blind to.
 * `cards` come best first, as `metrics.list` gives them.
 */
export function recommendedMeasures(cards: readonly MetricCard[], question: Question): readonly CheckMeasure[] {
  const answering = cards.filter((card) => card.question === question && card.state === "ready");
  const best = answering.find(({ measured, total }) => measured >= total) ?? answering[0];
  if (best === undefined) return [];
  const missed = blindSpots([{ metric: best.metric, area: "whole" }], cards).map((spot) => seenBy[spot]);
  return [best.metric, ...missed].map((metric): CheckMeasure => ({ metric, area: "whole" }));
}

/** What no measure of a check can see. */
export function blindSpots(measures: readonly CheckMeasure[], cards: readonly MetricCard[]): readonly BlindSpot[] {
  const names = new Set(measures.map(({ metric }) => metric));
  const blindTo = cards.flatMap((card) => (names.has(card.metric) ? [new Set(card.blindTo)] : []));
  const [first = new Set<BlindSpot>(), ...others] = blindTo;
  return [...first].filter((spot) => !names.has(seenBy[spot]) && others.every((blind) => blind.has(spot)));
}
