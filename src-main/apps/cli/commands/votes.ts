/** @file `semblance votes`: what each family of metrics says of pictures, what most of them say, and where they disagree. */
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { appError } from "#shared/domain/app-error";
import type { AssetId } from "#shared/domain/asset";
import { type CheckCombine, checkCombineSchema } from "#shared/domain/check";
import type { MetricName } from "#shared/domain/feature-recipe";
import type { VoteReport, VotesQuery } from "#shared/domain/vote-report";
import { defined } from "#shared/lib/assert";
import type { Engine } from "../../../engine/engine";
import { metricNames } from "../../../engine/metric-names";
import { listPictures } from "../../../engine/services/picture-listing";
import { type CommandContext, type Run, throwIfStopped } from "../command-context";
import { parsePath, repeatable } from "../common-options";
import { printable } from "../output/table";
import { votesText } from "../output/votes-text";
import { addPictures } from "./check-question";
import { votesDocument } from "./votes-document";

interface VotesOptions {
  readonly references?: readonly string[];
  readonly candidates?: readonly string[];
  readonly metric?: MetricName;
  readonly combine: CheckCombine;
}

/** Adds the command to the program. */
export function addVotesCommand(program: Command, run: Run): void {
  const paths = (option: string) => repeatable(parsePath(option));
  program
    .command("votes")
    .description("what DiffSim, CLIP, DINO and the starter say, each by its own cut-off: yes or no, what most say, and where they disagree")
    .argument("[image...]", "two pictures: one to judge by, and the one to judge")
    .option("--references <path...>", "several pictures to judge by, or folders of them", paths("--references"))
    .option("--candidates <path...>", "pictures to judge, or folders of them", paths("--candidates"))
    .addOption(
      new Option("--metric <name>", "what you go by: each family answers with it, or with what answers the same question").choices(
        metricNames,
      ),
    )
    .addOption(
      new Option("--combine <how>", "how scores against several references become one").choices(checkCombineSchema.options).default("mean"),
    )
    .action((images: string[], options: VotesOptions, command: Command) => run(command, (context) => votes(context, images, options)));
}

async function votes(context: CommandContext, images: readonly string[], options: VotesOptions): Promise<void> {
  const asked = sidesOf(images, options);
  await context.withEngine(
    async (engine) => {
      const references = await picturesIn(context, engine, asked.references);
      const candidates = await picturesIn(context, engine, asked.candidates);
      const query = { references: [...references.keys()], assetIds: [...candidates.keys()], metric: options.metric ?? null };
      const report = await lastReport(context, engine, query);
      for (const { path, reason } of report.check.skipped) context.output.note(printable(`${path}: ${reason}`));
      if (report.check.candidates.length === 0)
        throw appError("usage/invalid", "None of the pictures to judge is another one than those they are judged by.", {
          hint: "Name pictures whose bytes differ.",
        });
      const document = votesDocument(report, { combine: options.combine, paths: new Map([...references, ...candidates]) });
      context.output.result({ document, rows: document.candidates, text: () => votesText(document) });
    },
    { isReading: true, isEmptyAllowed: true },
  );
}

/** Either two pictures, or references and candidates by their options. */
function sidesOf(
  images: readonly string[],
  { references, candidates }: VotesOptions,
): Required<Pick<VotesOptions, "references" | "candidates">> {
  const [a, b] = images;
  if (images.length === 2 && a !== undefined && b !== undefined && references === undefined && candidates === undefined)
    return { references: [a], candidates: [b] };
  if (images.length === 0 && references !== undefined && candidates !== undefined) return { references, candidates };
  throw appError("usage/invalid", "Votes are on two pictures, or on candidates against references.", {
    hint: "Write `semblance votes A B`, or `semblance votes --references PATH... --candidates PATH...`.",
  });
}

async function picturesIn(
  context: CommandContext,
  engine: Engine,
  inputs: readonly string[],
): Promise<ReadonlyMap<AssetId, readonly string[]>> {
  const listed = await listPictures(inputs, context.signal);
  const { paths, skipped } = await addPictures(context, engine, listed.paths);
  for (const { reason } of skipped) context.output.note(printable(reason));
  if (paths.size > 0) return paths;
  throw appError("usage/invalid", `There are no pictures in ${inputs.map((path) => resolve(path)).join(" or ")}.`, {
    hint: "Name pictures, or folders that hold some.",
  });
}

async function lastReport(context: CommandContext, engine: Engine, query: VotesQuery): Promise<VoteReport> {
  let last: VoteReport | null = null;
  for await (const { done, total, report } of engine.voteReports.run(query, context.signal)) {
    throwIfStopped(context.signal);
    context.output.progress.count(done, total, "pictures");
    last = report;
  }
  return defined(last, "votes end with their report");
}
