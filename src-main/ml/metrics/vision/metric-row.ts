/** @file What a metric of a vision network says of itself; the rest follows from how it scores. */
import type { MetricDefinition } from "../metric";

export type VisionMetricRow = Pick<MetricDefinition, "name" | "title" | "question" | "families" | "vote" | "preference" | "runsOn">;
