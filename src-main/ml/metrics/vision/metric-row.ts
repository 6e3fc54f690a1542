/** @file What a metric of a vision network says of itself; the rest follows from how it scores. */
import type { MetricDefinition, SettingAxis } from "../metric";

export type VisionMetricRow = Pick<
  MetricDefinition,
  "name" | "title" | "hint" | "modelWords" | "question" | "families" | "vote" | "preference" | "runsOn" | "settings"
>;

/** The layers of a network as the one thing that can be chosen about a metric on it. */
export function layerAxes(layers: number): readonly SettingAxis[] {
  return [
    { name: "tap", alternatives: Array.from({ length: layers }, (_, layer) => ({ label: `layer ${layer}`, options: { layer: [layer] } })) },
  ];
}
