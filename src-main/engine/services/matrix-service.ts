/** @file Scores all pairs of pictures under one metric: what `semblance matrix` runs. Needs no library. */
import type { FeatureRecipe, MetricName } from "#shared/domain/feature-recipe";
import { formatCsv } from "../../data/datasets/csv";
import type { CompareOptions } from "../../ml/metrics/metric";
import { findMetric } from "../../ml/metrics/registry";
import type { CompanionPaths, InferenceService } from "../inference/inference-service";
import { chooseCheckpoint } from "./checkpoint-source";
import { type MatrixRun, type MatrixWatch, scoreByFeatures, scoreByPairs } from "./matrix-scores";
import { listPictures } from "./picture-listing";

export interface MatrixOrder {
  /** Pictures, and folders whose pictures are meant. */
  readonly inputs: readonly string[];
  readonly metric: MetricName;
  /** Path or name of a model; null lets the library choose. */
  readonly checkpoint: string | null;
  readonly companions: CompanionPaths;
  readonly libraryPath: string | null;
  /** The mode is corrected where none is given. */
  readonly options: CompareOptions;
  /** Features beyond this are put on the disk meanwhile. */
  readonly memoryBytes?: number;
}

/** The document of `semblance matrix`. `scores[i][j]` is the score of picture i with picture j. */
export interface Matrix {
  readonly paths: readonly string[];
  readonly metric: MetricName;
  /** Whether more alike pictures have higher scores, or lower ones. */
  readonly direction: "similarity" | "distance";
  readonly scores: readonly (readonly number[])[];
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
  readonly recipe: FeatureRecipe;
  readonly model: { readonly name: string; readonly sha256: string };
}

const defaultMemoryBytes = 2 ** 30;

/**
 * Whether every picture is measured once and the features are compared. Otherwise (a metric without features of single pictures, or the
 * published mode, where a picture's numbers depend on its place in the pair) every pair is compared from its pixels, both ways round.
 */
export function isMeasuredOnce(metric: MetricName, { mode }: CompareOptions): boolean {
  return findMetric(metric).createExtractor !== undefined && mode !== "published";
}

/**
 * Scores all pairs. Pictures that cannot be read are left out and listed.
 *
 * @throws usage/invalid for fewer than two pictures, image/unreadable for a path that is not there, checkpoint/..., metric/..., disk/...,
 *   and the reason of an aborted signal
 */
export async function scoreMatrix(inference: InferenceService, order: MatrixOrder, watch: MatrixWatch): Promise<Matrix> {
  const { metric, companions } = order;
  const options: CompareOptions = { ...order.options, mode: order.options.mode ?? "corrected" };
  const { path: modelPath, name, sha256 } = await chooseCheckpoint(order);
  const listing = await listPictures(order.inputs, watch.signal);
  const run: MatrixRun = { inference, watch, key: { metric, modelPath, companions, options } };
  const scored = isMeasuredOnce(metric, options)
    ? await scoreByFeatures(run, listing.paths, order.memoryBytes ?? defaultMemoryBytes)
    : await scoreByPairs(run, listing.paths);
  const { direction } = findMetric(metric);
  const { recipe, paths, scores, skipped } = scored;
  return {
    paths,
    metric,
    direction: options.similarity === "mse" ? "distance" : direction,
    scores,
    skipped: [...listing.skipped, ...skipped],
    recipe,
    model: { name, sha256 },
  };
}

/** The matrix as a table for spreadsheets: paths above and at the left, in the corner what the numbers are. */
export function matrixCsv({ paths, metric, direction, scores }: Matrix): string {
  return formatCsv([[`${metric} (${direction})`, ...paths], ...paths.map((path, i) => [path, ...(scores[i] ?? [])])]);
}
