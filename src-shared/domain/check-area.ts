/** @file Which part of a picture each measure of a check looks at: a metric that sees a picture as one thing cannot look at its foreground. */
import type { CheckMeasure } from "./check";
import type { MetricCard } from "./model-card";

/**
 * The measures of a check in the area they were asked in, but whole pictures for metrics that have no score of the foreground. Where none has one they stay as
 * they were asked, which the engine refuses: a check of the foreground must not turn into one of whole pictures without a word.
 */
export function reachableAreas(measures: readonly CheckMeasure[], cards: readonly MetricCard[]): readonly CheckMeasure[] {
  const able = new Set(cards.flatMap(({ metric, hasForeground }) => (hasForeground === true ? [metric] : [])));
  if (!measures.some(({ metric }) => able.has(metric))) return measures;
  return measures.map((measure) => (able.has(measure.metric) ? measure : { ...measure, area: "whole" }));
}
