/** @file The names of the metrics, for hosts that let a person choose one. */
import type { MetricName } from "#shared/domain/feature-recipe";
import { metrics } from "../ml/metrics/registry";

export const metricNames: readonly MetricName[] = metrics.map(({ name }) => name);

/** The vote of several metrics. It has no features and no model of its own, so it is no row of the registry; see docs/decisions/0005-ensemble.md. */
export const ensembleName = "ensemble";

/** What a pair can be compared by, and a benchmark run with. */
export const comparableNames: readonly MetricName[] = [...metricNames, ensembleName];
