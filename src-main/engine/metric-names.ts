/** @file The names of the metrics, for hosts that let a person choose one. */
import type { MetricName } from "#shared/domain/feature-recipe";
import type { Question } from "#shared/domain/model-card";
import { findMetric, metrics } from "../ml/metrics/registry";

export const metricNames: readonly MetricName[] = metrics.map(({ name }) => name);

/** The vote of several metrics. It has no features and no model of its own, so it is no row of the registry; see docs/decisions/0005-ensemble.md. */
export const ensembleName = "ensemble";

/** What a pair can be compared by, and a benchmark run with. */
export const comparableNames: readonly MetricName[] = [...metricNames, ensembleName];

/** What a metric asks; the ensemble asks for style. Throws metric/unknown. */
export function questionOfMetric(metric: MetricName): Question {
  return metric === ensembleName ? "style" : findMetric(metric).question;
}
