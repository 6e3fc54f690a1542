/** @file From the names of metrics and the paths of models to metrics that can run, and who of them votes. */
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { appError } from "#shared/domain/app-error";
import type { MetricName } from "#shared/domain/feature-recipe";
import { ensembleVoters, usualVoters } from "../../ml/metrics/ensemble/voters";
import type { MetricDefinition } from "../../ml/metrics/metric";
import { assertRunsOn, findMetric, metricsOf } from "../../ml/metrics/registry";
import { type ModelFolder, openModel } from "../../ml/models/model-folder";
import type { CompanionPaths } from "../inference/inference-service";
import { ensembleName } from "../metric-names";
import { chooseCheckpoint } from "../services/checkpoint-source";
import { type DiffusionSettings, settingsFor } from "./protocol";
import type { BenchMetric } from "./triplet-scorer";

/** A path for one metric, or for every metric that has use for it. */
export interface PathFor {
  readonly metric: MetricName | null;
  readonly path: string;
}

export interface MetricChoices {
  /** May name the ensemble. */
  readonly names: readonly MetricName[];
  readonly checkpoints: readonly PathFor[];
  readonly companions: Readonly<Partial<Record<keyof CompanionPaths, readonly PathFor[]>>>;
  readonly settings: DiffusionSettings;
  readonly libraryPath: string;
}

/** The metrics of a run with the metrics that vote, none where the ensemble was not asked for. */
export interface ChosenMetrics {
  readonly metrics: readonly BenchMetric[];
  readonly voters: readonly MetricName[];
}

/** Finds the models. Throws metric/unknown, metric/needs-model, checkpoint/..., usage/invalid when nobody can vote. */
export async function chooseMetrics(choices: MetricChoices): Promise<ChosenMetrics> {
  const hasEnsemble = choices.names.includes(ensembleName);
  const asked = [...new Set(choices.names.filter((name) => name !== ensembleName))];
  const names = asked.length === 0 ? usualVoters : asked;
  assertForMetricsOf(names, choices);
  const shared = await openShared(choices.checkpoints);
  const metrics: BenchMetric[] = [];
  for (const name of names) metrics.push(await chooseMetric(findMetric(name), choices, shared));
  return { metrics, voters: hasEnsemble ? votersAmong(names) : [] };
}

/** The three of the published ensemble where the run has them all; otherwise every metric of the run has a vote. */
export function votersAmong(names: readonly MetricName[]): readonly MetricName[] {
  const three = ensembleVoters.flatMap(({ voter }) => names.find((name) => findMetric(name).vote === voter) ?? []);
  if (three.length === ensembleVoters.length) return three;
  if (names.length > 1) return names;
  throw appError("usage/invalid", `The ensemble is a vote, and ${names.join()} alone has nobody to vote with.`, {
    hint: `Name more metrics, for example --metrics ${usualVoters.join(",")},${ensembleName}.`,
  });
}

/** A path that no metric of the run would look at was meant otherwise. */
function assertForMetricsOf(names: readonly MetricName[], { checkpoints, companions }: MetricChoices): void {
  const given = [checkpoints, ...Object.values(companions)].flat();
  const stray = given.find(({ metric }) => metric !== null && !names.includes(metric));
  if (stray !== undefined)
    throw appError("usage/invalid", `${stray.metric}=${stray.path} is for a metric that does not take part.`, {
      hint: `The run is of ${names.join(", ")}.`,
    });
  for (const [role, paths] of Object.entries(companions) as [keyof CompanionPaths, readonly PathFor[]][]) {
    const idle = paths.find(({ metric }) => metric === null);
    if (idle !== undefined && names.length > 1 && !names.some((name) => needsOf(name).includes(role)))
      throw appError("usage/invalid", `It is not clear which metric ${idle.path} is for.`, { hint: `Write METRIC=${idle.path}.` });
  }
}

const needsOf = (name: MetricName): readonly string[] => findMetric(name).needs ?? [];

/** Checkpoints that were given for no metric in particular. */
async function openShared(checkpoints: readonly PathFor[]): Promise<readonly ModelFolder[]> {
  const shared: ModelFolder[] = [];
  for (const { metric, path } of checkpoints) if (metric === null && (await isThere(path))) shared.push(await openModel(resolve(path)));
  return shared;
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}

async function chooseMetric(metric: MetricDefinition, choices: MetricChoices, shared: readonly ModelFolder[]): Promise<BenchMetric> {
  const { name } = metric;
  const own = choices.checkpoints.find((given) => given.metric === name)?.path;
  const fitting = fittingModel(metric, shared)?.path;
  const named = choices.checkpoints.find(
    (given) => given.metric === null && !shared.some(({ path }) => path === resolve(given.path)),
  )?.path;
  const usesStarter = metric.families[0] === "starter";
  const checkpoint = own ?? fitting ?? (usesStarter ? null : (named ?? null));
  const model = await chooseCheckpoint({ metric: name, checkpoint, libraryPath: choices.libraryPath }).catch((error: unknown) => {
    // Says why what was given is of no use, rather than that nothing is there.
    const nearest = shared.find(({ family }) => metric.families.includes(family)) ?? shared[0];
    if (nearest !== undefined) assertRunsOn(metric, nearest);
    throw error;
  });
  return {
    name,
    model,
    companions: companionsFor(name, choices),
    options: settingsFor(name, choices.settings),
  };
}

/** The model that runs a metric by itself, or else with a companion. */
function fittingModel(metric: MetricDefinition, shared: readonly ModelFolder[]): ModelFolder | undefined {
  const ofFamily = shared.filter(({ family, missing }) => metric.families.includes(family) && missing.length === 0);
  return ofFamily.find((model) => metricsOf(model).includes(metric)) ?? ofFamily.find((model) => metric.runsOn?.(model) ?? true);
}

/** A companion given for no metric in particular goes to those that cannot do without one, and to a metric that runs alone. */
function companionsFor(name: MetricName, { companions, names }: MetricChoices): CompanionPaths {
  const roles = Object.entries(companions) as [keyof CompanionPaths, readonly PathFor[]][];
  return Object.fromEntries(
    roles.flatMap(([role, paths]) => {
      const takesAny = needsOf(name).includes(role) || names.length === 1;
      const own = paths.find(({ metric }) => metric === name) ?? (takesAny ? paths.find(({ metric }) => metric === null) : undefined);
      return own === undefined ? [] : [[role, resolve(own.path)]];
    }),
  );
}
