/** @file What a person set that a metric has no use for. */
import type { MetricName } from "#shared/domain/feature-recipe";
import type { CompareOptions, MetricOption } from "../../ml/metrics/metric";
import { findMetric } from "../../ml/metrics/registry";

const usedByAll: ReadonlySet<keyof CompareOptions> = new Set(["mode", "similarity", "precision", "masks", "keepTensors"]);

/** The names of the options that are set and that the metric does not look at. Throws metric/unknown. */
export function unheededOptions(metric: MetricName, options: CompareOptions): readonly string[] {
  const { heeds } = findMetric(metric);
  const set = Object.entries(options).filter(([, value]) => value !== undefined);
  return set.flatMap(([name]) => (usedByAll.has(name as keyof CompareOptions) || heeds.includes(name as MetricOption) ? [] : [name]));
}
