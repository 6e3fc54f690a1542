/** @file The only list of metrics. */
import { appError } from "#shared/domain/app-error";
import { metricNames, type MetricName } from "#shared/domain/feature-recipe";
import type { MetricDefinition } from "./metric";

export const metrics: readonly MetricDefinition[] = [];

/** The metric called `name`; throws metric/unknown. */
export function findMetric(name: MetricName): MetricDefinition {
  const metric = metrics.find((candidate) => candidate.name === name);
  if (metric === undefined) throw appError("metric/unknown", `There is no metric ${name}.`, { hint: `Metrics: ${metricNames.join(", ")}.` });
  return metric;
}
