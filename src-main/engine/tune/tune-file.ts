/** @file Tunes a metric by a file of judgements: what `semblance tune` runs. Needs no library. */
import { isAbsolute, join } from "node:path";
import type { MetricName } from "#shared/domain/feature-recipe";
import { defined } from "#shared/lib/assert";
import { readTripletFile } from "../../data/datasets/triplet-file";
import { renderPng } from "../../data/imaging/thumbnail";
import type { CompareOptions } from "../../ml/metrics/metric";
import type { CompanionPaths, InferenceService } from "../inference/inference-service";
import { chooseCheckpoint } from "../services/checkpoint-source";
import { drawSettingGrid } from "./grid-picture";
import type { AxisChoices, Setting } from "./setting-grid";
import { tune, type HeldOutEstimate, type TuneResult, type TuneWatch } from "./tune";

export interface TuneFile {
  readonly file: string;
  /** Relative paths of the file are relative to it. */
  readonly folder: string;
  readonly metric: MetricName;
  readonly checkpoint: string | null;
  readonly companions: CompanionPaths;
  readonly libraryPath: string | null;
  readonly axes: AxisChoices;
  readonly fixed: CompareOptions;
  readonly seed: number;
  readonly heldOut: number;
  /** Where the grid is drawn; null draws none. */
  readonly picture: string | null;
}

/** One combination; an axis the metric does not have is null. */
interface GridRow extends Readonly<Record<keyof Setting["labels"], string | null>> {
  readonly options: CompareOptions;
  readonly accuracy: number;
  readonly judged: number;
}

/** The document of `semblance tune`. */
export interface TuneReport {
  readonly metric: MetricName;
  readonly model: { readonly name: string; readonly sha256: string };
  readonly best: { readonly options: CompareOptions; readonly flags: string };
  readonly heldOut: { readonly best: HeldOutEstimate; readonly usual: HeldOutEstimate } | null;
  readonly judgements: { readonly tuned: number; readonly made: number; readonly full: number };
  /** Every combination, the best first; `accuracy` on the `judged` judgements it saw before it was dropped. */
  readonly grid: readonly GridRow[];
  readonly out: string | null;
}

/** Reads, tunes and draws. Throws usage/invalid, checkpoint/..., metric/..., image/..., disk/..., job/cancelled. */
export async function tuneFile(inference: InferenceService, request: TuneFile, watch: TuneWatch): Promise<TuneReport> {
  const { metric, checkpoint, companions, libraryPath, folder, picture } = request;
  const { triplets } = await readTripletFile(request.file);
  const model = await chooseCheckpoint({ metric, checkpoint, libraryPath });
  const place = (path: string): string => (isAbsolute(path) ? path : join(folder, path));
  const result = await tune(
    inference,
    {
      metric,
      choice: { modelPath: model.path, companions },
      triplets: triplets.map((triplet) => ({
        ...triplet,
        reference: place(triplet.reference),
        a: place(triplet.a),
        b: place(triplet.b),
      })),
      axes: request.axes,
      fixed: request.fixed,
      seed: request.seed,
      heldOut: request.heldOut,
    },
    watch,
  );
  if (picture !== null) await renderPng(drawSettingGrid(result.standings), picture);
  return reportOf(result, { metric, model: { name: model.name, sha256: model.sha256 }, out: picture });
}

function reportOf({ standings, tuned, best, usual, cost }: TuneResult, about: Pick<TuneReport, "metric" | "model" | "out">): TuneReport {
  const { options } = defined(standings[0], "there are candidates").candidate;
  return {
    ...about,
    best: { options, flags: flagsOf(options) },
    heldOut: best === null || usual === null ? null : { best, usual },
    judgements: { tuned, made: cost.halved, full: cost.full },
    grid: standings.map(({ candidate: { labels, options: chosen }, accuracy, judged }) => ({
      tap: labels.tap || null,
      step: labels.step || null,
      size: labels.size || null,
      options: chosen,
      accuracy,
      judged,
    })),
  };
}

/** The options as they are typed after `semblance compare`. */
function flagsOf(options: CompareOptions): string {
  return Object.entries(options)
    .map(([name, value]) => `--${name} ${String(value)}`)
    .join(" ");
}
