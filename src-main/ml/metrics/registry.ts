/** @file The only list of metrics: one row each, from the folder of its family. How to add one: docs/add-a-metric.md. */
import { appError } from "#shared/domain/app-error";
import type { MetricName } from "#shared/domain/feature-recipe";
import type { ModelFolder } from "../models/model-folder";
import { cleandift } from "./cleandift/cleandift";
import { clipAas, clipFeatures, clipI } from "./clip/clip-metrics";
import { colour } from "./colour/colour";
import { dinoV1, dinoV1Aas } from "./dino-v1/dino-v1-metrics";
import { dinov2Aas, dinov2Cls, dinov2Features } from "./dinov2/dinov2-metrics";
import { diffsim } from "./diffsim/diffsim";
import { diffsimC } from "./diffsim-c/diffsim-c";
import { diffsimDit } from "./diffsim-dit/diffsim-dit";
import { diffsimXl } from "./diffsim-xl/diffsim-xl";
import { diffsimXlC } from "./diffsim-xl-c/diffsim-xl-c";
import { diffusionFeatures } from "./diffusion-features/diffusion-features";
import type { MetricDefinition } from "./metric";
import { foregroundFeatures } from "./foreground/foreground-features";
import { lpips } from "./lpips/lpips";
import { starterStyle, starterSubject } from "./starter/starter-metrics";
import { vggGram } from "./vgg-gram/vgg-gram";

export const metrics: readonly MetricDefinition[] = [
  starterStyle,
  starterSubject,
  diffsim,
  diffsimC,
  diffsimXl,
  diffsimXlC,
  diffsimDit,
  cleandift,
  diffusionFeatures,
  clipAas,
  clipI,
  clipFeatures,
  dinov2Aas,
  dinov2Cls,
  dinov2Features,
  dinoV1,
  dinoV1Aas,
  foregroundFeatures,
  lpips,
  vggGram,
  colour,
];

/** The metric called `name`; throws metric/unknown. */
export function findMetric(name: MetricName): MetricDefinition {
  const metric = metrics.find((candidate) => candidate.name === name);
  if (metric === undefined)
    throw appError("metric/unknown", `There is no metric ${name}.`, { hint: `Metrics: ${metrics.map((each) => each.name).join(", ")}.` });
  return metric;
}

/** The metrics a model runs; none when something of it is missing. */
export function metricsOf(model: ModelFolder): readonly MetricDefinition[] {
  if (model.missing.length > 0) return [];
  return metrics.filter((metric) => isRunBy(metric, model) && (metric.isEnabledBy?.(model) ?? true));
}

/**
 * Refuses a model that cannot run a metric.
 *
 * @throws checkpoint/incomplete (naming what is missing), checkpoint/unsupported (another family, or without what the metric needs)
 */
export function assertRunsOn(metric: MetricDefinition, model: ModelFolder): void {
  if (model.missing.length > 0 && metric.families.includes(model.family)) {
    const verb = model.missing.length === 1 ? "is" : "are";
    throw appError("checkpoint/incomplete", `${model.name} cannot run ${metric.name}: ${model.missing.join(" and ")} ${verb} missing.`, {
      hint: "Download the missing files.",
    });
  }
  if (isRunBy(metric, model)) return;
  throw appError("checkpoint/unsupported", `${model.name} cannot run ${metric.name}.`, {
    hint: `${metric.name} needs ${metric.modelWords}.`,
  });
}

function isRunBy(metric: MetricDefinition, model: ModelFolder): boolean {
  return metric.families.includes(model.family) && (metric.runsOn?.(model) ?? true);
}
