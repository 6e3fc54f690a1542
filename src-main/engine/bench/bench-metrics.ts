/** @file From the names of metrics and the paths of models to metrics that can run, and who of them votes. */
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { appError } from "#shared/domain/app-error";
import type { MetricName } from "#shared/domain/feature-recipe";
import type { Votes } from "#shared/domain/search";
import type { Companions, MetricDefinition } from "../../ml/metrics/metric";
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
  readonly companions: Readonly<Partial<Record<keyof Companions, readonly PathFor[]>>>;
  readonly settings: DiffusionSettings;
  readonly libraryPath: string;
}

/** The metrics of a run with the metrics that vote, none where the ensemble was not asked for. */
export interface ChosenMetrics {
  readonly metrics: readonly BenchMetric[];
  readonly voters: readonly MetricName[];
}

/** The published ensemble. */
const publishedVoters: readonly (keyof Votes)[] = ["diffsim", "clip", "dino"];
const usualVoters: readonly MetricName[] = ["diffsim-s", "clip-i", "dinov2-cls"];

/** Finds the models. Throws metric/unknown, metric/needs-model, checkpoint/..., usage/invalid when nobody can vote. */
export async function chooseMetrics(choices: MetricChoices): Promise<ChosenMetrics> {
  const hasEnsemble = choices.names.includes(ensembleName);
  const asked = [...new Set(choices.names.filter((name) => name !== ensembleName))];
  const names = asked.length === 0 ? usualVoters : asked;
  const shared = await openShared(choices.checkpoints);
  const metrics: BenchMetric[] = [];
  for (const name of names) metrics.push(await chooseMetric(findMetric(name), choices, shared));
  return { metrics, voters: hasEnsemble ? votersAmong(names) : [] };
}

/** The three of the published ensemble where the run has them all; otherwise every metric of the run has a vote. */
export function votersAmong(names: readonly MetricName[]): readonly MetricName[] {
  const three = publishedVoters.flatMap((voter) => names.find((name) => findMetric(name).vote === voter) ?? []);
  if (three.length === publishedVoters.length) return three;
  if (names.length > 1) return names;
  throw appError("usage/invalid", `The ensemble is a vote, and ${names.join()} alone has nobody to vote with.`, {
    hint: `Name more metrics, for example --metrics ${usualVoters.join(",")},${ensembleName}.`,
  });
}

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
  const fitting = shared.find((model) => metricsOf(model).includes(metric))?.path;
  const named = choices.checkpoints.find(
    (given) => given.metric === null && !shared.some(({ path }) => path === resolve(given.path)),
  )?.path;
  const usesStarter = metric.families[0] === "starter";
  const checkpoint = own ?? fitting ?? (usesStarter ? null : (named ?? null));
  const model = await chooseCheckpoint({ metric: name, checkpoint, libraryPath: choices.libraryPath }).catch((error: unknown) => {
    // Says why what was given is of no use, rather than that nothing is there.
    for (const other of shared) assertRunsOn(metric, other);
    throw error;
  });
  return {
    name,
    model,
    companions: companionsFor(metric, choices.companions),
    options: settingsFor(name, choices.settings),
  };
}

/** A companion given for no metric in particular goes to those that cannot do without one. */
function companionsFor({ name, needs = [] }: MetricDefinition, given: MetricChoices["companions"]): CompanionPaths {
  const roles = Object.entries(given) as [keyof Companions, readonly PathFor[]][];
  return Object.fromEntries(
    roles.flatMap(([role, paths]) => {
      const own = paths.find(({ metric }) => metric === name) ?? paths.find(({ metric }) => metric === null && needs.includes(role));
      return own === undefined ? [] : [[role, resolve(own.path)]];
    }),
  );
}
