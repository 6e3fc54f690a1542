/** @file `semblance bench`: how often metrics choose as people did, on a dataset of human judgements. */
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { appError } from "#shared/domain/app-error";
import { type MetricName, type ScoringMode, scoringModeSchema } from "#shared/domain/feature-recipe";
import { bench, layoutIds } from "../../../engine/bench/bench";
import type { PathFor } from "../../../engine/bench/bench-metrics";
import type { BenchReport, MetricResult, Tally } from "../../../engine/bench/report";
import { comparableNames } from "../../../engine/metric-names";
import { assertOutputFile } from "../../../platform/output-file";
import type { CommandContext, Run } from "../command-context";
import { parseCount, parseCounts, repeatable } from "../common-options";
import { printable, table } from "../output/table";

type Layout = (typeof layoutIds)[number];

interface BenchOptions {
  readonly layout?: Layout;
  readonly metrics: readonly MetricName[];
  readonly checkpoint?: readonly PathFor[];
  readonly ipAdapter?: readonly PathFor[];
  readonly imageEncoder?: readonly PathFor[];
  readonly weights?: readonly PathFor[];
  readonly vae?: readonly PathFor[];
  readonly triplets?: string;
  readonly decisions?: string;
  readonly limit?: number;
  readonly seed: number;
  readonly mode: ScoringMode;
  readonly block?: "down_blocks" | "mid_block" | "up_blocks";
  readonly layer?: readonly number[];
  readonly step?: number;
  readonly timestep?: number;
  readonly size?: number;
}

/** The seed of the published scripts. */
const usualSeed = 2334;
/** Those that need no model. */
const usualMetrics: readonly MetricName[] = ["starter-style", "starter-subject"];
/** More parts of a set than these are only in the JSON. */
const shownGroups = 5;

/** Adds the command to the program. */
export function addBenchCommand(program: Command, run: Run): void {
  program
    .command("bench")
    .description("how often metrics choose as people did; scores are kept in the library, a run that was stopped goes on")
    .argument("<dataset>", "the folder of the dataset, as it was unpacked (docs/benchmarks.md)")
    .addOption(new Option("--layout <name>", "how the dataset is laid out").choices(layoutIds))
    .addOption(
      new Option("--metrics <name,...>", "metrics, and ensemble for their vote")
        .argParser(parseMetrics)
        .default(usualMetrics, usualMetrics.join(",")),
    )
    .option("--checkpoint <metric=path>", "a model for that metric; a path alone is for all metrics that it runs", repeatable(parsePathFor))
    .option("--ip-adapter <metric=file>", "weights of an IP-Adapter", repeatable(parsePathFor))
    .option("--image-encoder <metric=path>", "the CLIP image encoder of the IP-Adapter", repeatable(parsePathFor))
    .option("--weights <metric=file>", "weights beside the model", repeatable(parsePathFor))
    .option("--vae <metric=path>", "an autoencoder in the place of the model's own", repeatable(parsePathFor))
    .option("--triplets <file>", "judge these instead: a manifest, or CSV with the columns reference,a,b,choice")
    .option("--decisions <csv>", "also write what each metric chose of each triplet")
    .option("--limit <n>", "at most so many triplets, chosen at random", parseCount("--limit"))
    .option("--seed <n>", "decides which triplets are drawn", parseCount("--seed", 0), usualSeed)
    .addOption(
      new Option("--mode <name>", "corrected keeps the features of each picture; published repeats the released code, pair by pair")
        .choices(scoringModeSchema.options)
        .default("corrected"),
    )
    .addOption(
      new Option("--block <name>", "block of the U-Net, instead of the published one").choices(["down_blocks", "mid_block", "up_blocks"]),
    )
    .option("--layer <n[,n,n]>", "layer within the block", parseCounts("--layer"))
    .addOption(new Option("--step <index>", "index of the noise step").argParser(parseCount("--step", 0)).conflicts(["timestep"]))
    .option("--timestep <t>", "the timestep itself", parseCount("--timestep", 0))
    .option("--size <px>", "side of the picture as a diffusion model sees it", parseCount("--size"))
    .action((dataset: string, options: BenchOptions, command: Command) => run(command, (context) => runBench(context, dataset, options)));
}

function parseMetrics(text: string): readonly MetricName[] {
  const names = text.split(",").map((name) => name.trim());
  for (const name of names) assertMetric(name);
  return names;
}

function assertMetric(name: string): void {
  if (!comparableNames.includes(name))
    throw appError("metric/unknown", `There is no metric ${name}.`, { hint: `Metrics: ${comparableNames.join(", ")}.` });
}

/** `clip-i=PATH`, or a path alone. */
function parsePathFor(text: string): PathFor {
  const [name = "", ...rest] = text.split("=");
  const path = rest.join("=");
  // A path with an equals sign in its first folder can be written from "./" on.
  if (path !== "" && /^[a-z\d-]+$/.test(name)) {
    assertMetric(name);
    return { metric: name, path };
  }
  if (text === "") throw appError("usage/invalid", "A path is empty.", { hint: "Give METRIC=PATH, or a path." });
  return { metric: null, path: text };
}

async function runBench(context: CommandContext, dataset: string, options: BenchOptions): Promise<void> {
  const {
    metrics,
    checkpoint = [],
    ipAdapter = [],
    imageEncoder = [],
    weights = [],
    vae = [],
    block,
    layer,
    step,
    timestep,
    size,
  } = options;
  const given = Object.entries({ block, layer, step, timestep, size }).filter(([, value]) => value !== undefined);
  const decisionFile = options.decisions === undefined ? null : resolve(options.decisions);
  if (decisionFile !== null) await assertOutputFile(decisionFile, ".csv");
  const report = await context.withEngine((engine) =>
    bench(
      engine,
      {
        dataset,
        layout: options.layout ?? null,
        tripletFile: options.triplets === undefined ? null : resolve(options.triplets),
        decisionFile,
        limit: options.limit ?? null,
        seed: options.seed,
        mode: options.mode,
        settings: Object.fromEntries(given),
        choices: { names: metrics, checkpoints: checkpoint, companions: { ipAdapter, imageEncoder, weights, vae } },
      },
      { signal: context.signal, onProgress: ({ done, total }) => context.output.progress.count(done, total, "triplets") },
    ),
  );
  context.output.result({ document: report, text: () => reportText(report) });
}

const percent = (share: number): string => (100 * share).toFixed(2);

function reportText(report: BenchReport): string {
  const results = Object.entries(report.metrics);
  const rows = results.flatMap(([name, result]) => [metricRow(name, result), ...groupRows(result)]);
  const hasPublished = results.some(([, { published }]) => published !== null);
  const columns = ["metric", "% right", "95 % interval", "right", "of", "ties", ...(hasPublished ? ["published %"] : [])];
  const parts = [
    `${report.layout}: ${report.triplets} triplets, ${report.mode} mode`,
    table(
      columns,
      rows.map((row) => row.slice(0, columns.length)),
    ),
  ];
  if (report.ensemble !== undefined) {
    const { voters, unanimous, split } = report.ensemble;
    parts.push(`The ensemble is the vote of ${voters.join(", ")}: ${unanimous} unanimous, ${split} split.`);
  }
  if (report.mcnemar.length > 0)
    parts.push(
      table(
        ["metric", "against", "only first right", "only second right", "p (McNemar)"],
        report.mcnemar.map(({ a, b, onlyA, onlyB, p }) => [a, b, String(onlyA), String(onlyB), p < 0.0001 ? "< 0.0001" : p.toFixed(4)]),
      ),
    );
  if (report.skipped.length > 0)
    parts.push(["Left out:", ...report.skipped.map(({ reason, count }) => `  ${count} x ${printable(reason)}`)].join("\n"));
  parts.push(report.notes.map(printable).join("\n"));
  parts.push(
    `A tie counts as not right.${hasPublished ? ` Published: ${report.publishedSource}.` : ""}\nThe triplets, for --triplets: ${report.manifest}\nScores are kept beside it.`,
  );
  return parts.filter((part) => part !== "").join("\n\n");
}

function metricRow(name: string, result: MetricResult): readonly string[] {
  return [...tallyCells(name, result), result.published === null ? "" : percent(result.published)];
}

function groupRows({ groups }: MetricResult): readonly (readonly string[])[] {
  const entries = Object.entries(groups);
  return entries.length < 2 || entries.length > shownGroups
    ? []
    : entries.map(([group, tally]) => [...tallyCells(`  ${group}`, tally), ""]);
}

function tallyCells(name: string, { accuracy, interval: [low, high], correct, total, ties }: Tally): readonly string[] {
  return [name, percent(accuracy), `${percent(low)} to ${percent(high)}`, String(correct), String(total), String(ties)];
}
