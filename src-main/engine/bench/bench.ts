/** @file One call for `semblance bench`: reads the dataset, chooses the metrics, runs them and counts. */
import { resolve } from "node:path";
import type { MetricName, ScoringMode } from "#shared/domain/feature-recipe";
import { appError } from "#shared/domain/app-error";
import { type LayoutId, layoutIds, layouts, sampleTriplets } from "../../data/datasets/layouts";
import { readTripletFile } from "../../data/datasets/triplet-file";
import type { DatasetReading } from "../../data/datasets/triplet";
import { writeFileAtomic } from "../../platform/atomic-file";
import { chooseMetrics, type MetricChoices } from "./bench-metrics";
import { type BenchWatch, runBenchmark } from "./bench-run";
import { decisionTable } from "./decision-table";
import { commonSettings, type DiffusionSettings, protocols, settingsFor } from "./protocol";
import { type BenchReport, reportOf, type ReportRequest } from "./report";
import type { BenchEngine } from "./triplet-scorer";

export { layoutIds } from "../../data/datasets/layouts";

export interface BenchOrder {
  readonly dataset: string;
  /** null for triplets of one's own, which then must be given. */
  readonly layout: LayoutId | null;
  /** A manifest or a list of triplets instead of what the reader would draw; paths in it are relative to the dataset. */
  readonly tripletFile: string | null;
  /** Where the decision of each metric on each triplet is written, as CSV; null writes none. */
  readonly decisionFile: string | null;
  readonly limit: number | null;
  /** Decides the triplets where the protocol draws them, and which are left with a limit. */
  readonly seed: number;
  readonly mode: ScoringMode;
  /** What differs from the published settings. */
  readonly settings: DiffusionSettings;
  readonly choices: Omit<MetricChoices, "settings" | "libraryPath">;
}

/** Runs a benchmark. Throws dataset/malformed, metric/..., checkpoint/..., library/read-only, usage/invalid; the signal's reason when aborted. */
export async function bench(engine: BenchEngine, order: BenchOrder, watch: BenchWatch): Promise<BenchReport> {
  const dataset = resolve(order.dataset);
  const { layout, reading, isWhole } = await readDataset(order, dataset);
  const { mode, seed, choices } = order;
  const settings = chosenSettings(layout, order.settings);
  const counted = await judge(
    engine,
    { dataset, layout, name: layout ?? "custom", reading, isWhole, mode, seed, settings, choices },
    watch,
  );
  const report = reportOf(counted);
  await engine.store.benchmarks.write(counted.run.name, "report", report);
  if (order.decisionFile !== null) await writeFileAtomic(order.decisionFile, decisionTable(counted));
  return report;
}

/** Triplets and how they are to be judged; `name` begins the name under which the run is kept. */
export interface JudgeOrder extends Pick<BenchOrder, "mode" | "seed" | "choices">, TripletReading {
  readonly dataset: string;
  readonly name: string;
  readonly settings: DiffusionSettings;
}

/** Scores triplets that were read. Throws what {@link bench} throws. */
export async function judge(engine: BenchEngine, order: JudgeOrder, watch: BenchWatch): Promise<ReportRequest> {
  const { dataset, layout, name, reading, isWhole, mode, seed, settings } = order;
  const { metrics, voters } = await chooseMetrics({ ...order.choices, settings, libraryPath: engine.store.libraryPath });
  const run = await runBenchmark(engine, { dataset, layout: name, reading, isWhole, mode, seed, metrics }, watch);
  const names = metrics.map(({ name }) => name);
  const prompts = reading.triplets.some(({ prompt }) => prompt !== null) ? "the prompt of each triplet" : `prompt "${settings.prompt}"`;
  const notes = [...reading.notes, ...settingNotes({ layout, settings, prompts }, names)];
  if (run.judged.length === 0)
    throw appError(
      "dataset/malformed",
      `No triplet of ${dataset} could be scored: ${run.skipped.map(({ reason }) => reason).join("; ")}.`,
      {
        hint: "Check that the pictures of the dataset were unpacked.",
      },
    );
  return { run, metrics, voters, layout, dataset, mode, seed, notes };
}

interface TripletReading {
  readonly layout: LayoutId | null;
  readonly reading: DatasetReading;
  /** Whether these are all triplets of the published set. */
  readonly isWhole: boolean;
}

async function readDataset({ tripletFile, layout: asked, limit, seed }: BenchOrder, dataset: string): Promise<TripletReading> {
  const given = tripletFile === null ? null : await readTripletFile(tripletFile);
  const layout = asked ?? layoutIds.find((id) => id === given?.layout) ?? null;
  if (given === null && layout === null)
    throw appError("usage/invalid", "The layout of the dataset is missing.", {
      hint: `Give --layout with one of ${layoutIds.join(", ")}, or your own judgements with --triplets FILE.`,
    });
  const whole =
    given === null && layout !== null
      ? await layouts[layout].read(dataset, seed)
      : { triplets: given?.triplets ?? [], skipped: [], notes: [`The triplets are those of ${tripletFile}.`] };
  const triplets = sampleTriplets(whole.triplets, limit ?? Number.POSITIVE_INFINITY, seed);
  const isWhole = given === null && triplets.length === whole.triplets.length && whole.partial === undefined;
  if (triplets.length === whole.triplets.length) return { layout, reading: whole, isWhole };
  const note = `${triplets.length} of ${whole.triplets.length} triplets were chosen at random.`;
  return { layout, reading: { ...whole, triplets, notes: [...whole.notes, note] }, isWhole };
}

/** The published settings of the set with those that were given in their place; a timestep takes the place of a step. */
export function chosenSettings(layout: LayoutId | null, given: DiffusionSettings): DiffusionSettings {
  const { step, ...published } = layout === null ? { ...commonSettings, step: 900 } : protocols[layout].settings;
  return { ...published, ...(given.timestep === undefined && step !== undefined ? { step } : {}), ...given };
}

interface SettingsUsed {
  readonly layout: LayoutId | null;
  readonly settings: DiffusionSettings;
  readonly prompts: string;
}

/** Says what each diffusion model was set to, metrics of equal settings together. */
function settingNotes({ layout, settings, prompts }: SettingsUsed, metrics: readonly MetricName[]): readonly string[] {
  const byText = new Map<string, MetricName[]>();
  for (const metric of metrics) {
    const text = settingsText(settingsFor(metric, settings), prompts);
    if (text !== "") byText.set(text, [...(byText.get(text) ?? []), metric]);
  }
  const whose =
    layout === null ? "The usual settings" : `The published settings of ${layouts[layout].title}, as far as no others were given`;
  return [...byText].map(([text, names]) => `${whose}, for ${names.join(", ")}: ${text}.`);
}

/** What a diffusion model is set to, in words; empty for other metrics. */
export function settingsText({ block, layer, step, timestep, size, seed, prompt }: DiffusionSettings, prompts: string): string {
  const parts = [
    [block, `${block} layer ${layer?.join()}`],
    [step, `step ${step}`],
    [timestep, `timestep ${timestep}`],
    [size, `${size} px`],
    [seed, `noise seed ${seed}`],
    [prompt, prompts],
  ] as const;
  return parts.flatMap(([value, text]) => (value === undefined ? [] : [text])).join(", ");
}
