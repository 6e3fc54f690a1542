/** @file What the published evaluation set for each dataset, and what it found: shown beside one's own numbers. */
import type { MetricName } from "#shared/domain/feature-recipe";
import { canonicalJson } from "#shared/lib/canonical-json";
import type { LayoutId } from "../../data/datasets/layouts";
import type { PublishedScript } from "../../ml/metrics/ensemble/published-decisions";
import type { CompareOptions } from "../../ml/metrics/metric";

/** Where a diffusion model is tapped, at which noise, and what it is told. */
export type DiffusionSettings = Pick<CompareOptions, "block" | "layer" | "step" | "timestep" | "size" | "seed" | "prompt">;

export interface Protocol {
  /** The script that ran the set. */
  readonly script: PublishedScript;
  readonly settings: DiffusionSettings;
}

/** Of every set: the published shell scripts agree in these. `--target_layer 5` of ipref_main.sh really is layer 0 (quirk 1). */
export const commonSettings = { block: "up_blocks", layer: [0], size: 512, seed: 2334, prompt: "High quality image" } as const;

const protocol = (script: PublishedScript, step: number): Protocol => ({ script, settings: { ...commonSettings, step } });

/** Source: the *.sh files of the published DiffSim code. A step is an index into 1000 descending timesteps, so 900 is lightly noised. */
export const protocols: Readonly<Record<LayoutId, Protocol>> = {
  nights: protocol("night", 500),
  "dreambench-plus": protocol("dreambench", 750),
  cute: protocol("cute", 600),
  ip: protocol("ipref", 750),
  tid2013: protocol("tid", 900),
  sref: protocol("style", 900),
  instantstyle: protocol("style", 900),
};

/** Which of these settings a metric takes; metrics that are not here look at the picture alone. */
const settingsOfMetrics: Readonly<Record<MetricName, readonly (keyof DiffusionSettings)[]>> = {
  "diffsim-s": ["block", "layer", "step", "timestep", "size", "seed", "prompt"],
  "diffsim-c": ["block", "layer", "step", "timestep", "size", "seed", "prompt"],
  "diffusion-features": ["block", "layer", "step", "timestep", "size", "seed", "prompt"],
  // Three numbers name a layer of SDXL; its own default is the published one.
  "diffsim-xl": ["step", "timestep", "size", "seed", "prompt"],
  "diffsim-xl-c": ["step", "timestep", "size", "seed", "prompt"],
  "diffsim-dit": ["step", "timestep", "seed"],
};

/** The part of `settings` that a metric takes. */
export function settingsFor(metric: MetricName, settings: DiffusionSettings): DiffusionSettings {
  const names = settingsOfMetrics[metric] ?? [];
  return Object.fromEntries(names.flatMap((name) => (settings[name] === undefined ? [] : [[name, settings[name]]])));
}

/** Where {@link publishedAccuracy} is from. */
export const publishedSource = 'Song et al., "DiffSim", ICCV 2025 (arXiv 2412.14580), table 1';

const sets = ["nights", "dreambench-plus", "cute", "ip", "tid2013", "sref", "instantstyle"] as const;

/** Percent of human choices that were met, in the order of {@link sets}. */
const published: Readonly<Record<MetricName, readonly number[]>> = {
  lpips: [71.13, 62.33, 63.17, 84.01, 94.5, 87.85, 93.15],
  "clip-i": [82.26, 70.54, 72.71, 91.7, 90.33, 84.6, 82.9],
  "dinov2-cls": [85.24, 72.25, 77.27, 85.35, 91.5, 87.2, 86.1],
  "clip-aas": [82.18, 67.23, 71.78, 88.03, 96.33, 94.45, 97.8],
  "dinov2-aas": [86.47, 70.01, 77.04, 90.38, 95.83, 95.9, 96.65],
  "diffsim-s": [86.52, 71.5, 76.17, 91.84, 94.17, 97.4, 99.05],
  ensemble: [89.43, 72.15, 77.78, 94.92, 95, 91.7, 88.3],
};

/** The models behind the published figures, by the end of the name they are published under. */
const publishedModels: Readonly<Record<MetricName, string>> = {
  "clip-i": "clip-vit-base-patch32",
  "clip-aas": "clip-vit-base-patch32",
  "dinov2-cls": "dinov2-small",
  "dinov2-aas": "dinov2-small",
  "diffsim-s": "stable-diffusion-v1-5",
};

/** The part of a set that the published figure is of; others are of the whole set. */
export const publishedSplits: Readonly<Partial<Record<LayoutId, string>>> = { nights: "val" };

/** Whether a metric ran on the published model under the published settings, as far as its name and the record of the run say. */
export function runsAsPublished(
  layout: LayoutId,
  metric: { readonly name: MetricName; readonly model: string; readonly options: CompareOptions },
): boolean {
  const model = publishedModels[metric.name];
  const settings = settingsFor(metric.name, protocols[layout].settings);
  return model !== undefined && metric.model.toLowerCase().endsWith(model) && canonicalJson(metric.options) === canonicalJson(settings);
}

/** The published share of right answers, in [0, 1]; null where none was published. */
export function publishedAccuracy(layout: LayoutId, metric: MetricName): number | null {
  const percent = published[metric]?.[sets.indexOf(layout)];
  return percent === undefined ? null : Math.round(percent * 100) / 10_000;
}
