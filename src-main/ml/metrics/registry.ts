/** @file The only list of metrics. */
import { appError } from "#shared/domain/app-error";
import { metricNames, type MetricName } from "#shared/domain/feature-recipe";
import { clipAas, clipFeatures, clipI } from "./clip/clip-metrics";
import { dinov2Aas, dinov2Cls, dinov2Features } from "./dinov2/dinov2-metrics";
import { diffsim } from "./diffsim/diffsim";
import type { MetricDefinition } from "./metric";
import { starterStyle, starterSubject } from "./starter/starter-metrics";

export const metrics: readonly MetricDefinition[] = [
  starterStyle,
  starterSubject,
  diffsim,
  clipAas,
  clipI,
  clipFeatures,
  dinov2Aas,
  dinov2Cls,
  dinov2Features,
];

/** The metric called `name`; throws metric/unknown. */
export function findMetric(name: MetricName): MetricDefinition {
  const metric = metrics.find((candidate) => candidate.name === name);
  if (metric === undefined)
    throw appError("metric/unknown", `There is no metric ${name}.`, { hint: `Metrics: ${metricNames.join(", ")}.` });
  return metric;
}
