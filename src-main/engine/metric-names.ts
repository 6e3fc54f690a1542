/** @file The names of the metrics, for hosts that let a person choose one. */
import type { MetricName } from "#shared/domain/feature-recipe";
import { metrics } from "../ml/metrics/registry";

export const metricNames: readonly MetricName[] = metrics.map(({ name }) => name);
