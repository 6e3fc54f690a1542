/** @file `semblance tune`: finds the settings of a metric that agree best with a person's own judgements. */
import { dirname, resolve } from "node:path";
import { type Command, Option } from "commander";
import { appError } from "#shared/domain/app-error";
import type { MetricName } from "#shared/domain/feature-recipe";
import { metricNames } from "../../../engine/metric-names";
import { tuneFile, type TuneReport } from "../../../engine/tune/tune-file";
import type { FilePair } from "../../../engine/services/pair-comparison";
import { assertOutputFile } from "../../../platform/output-file";
import { type CommandContext, type Run, throwIfStopped } from "../command-context";
import { parseCount, parseNumber, parseNumbers } from "../common-options";
import { table } from "../output/table";
import { withInference } from "../with-inference";
import { addModelOptions, filePair, readCompareFlags } from "./compare-options";

interface TuneOptions {
  readonly metric: MetricName;
  readonly steps?: readonly number[];
  readonly sizes?: readonly number[];
  readonly heldOut: number;
  readonly order: number;
  readonly out?: string;
}

const shownStandings = 8;

/** Adds the command to the program. */
export function addTuneCommand(program: Command, run: Run): void {
  const command = program
    .command("tune")
    .description("find block, layer, step and size that agree best with your own judgements")
    .argument("<triplets>", "CSV with the columns reference,a,b,choice (choice is a or b), or JSON with these fields")
    .addOption(new Option("--metric <name>", "the metric to tune").choices(metricNames).default("diffsim-s"))
    .option("--steps <n,n,...>", "noise steps to try", parseNumbers("--steps"))
    .option("--sizes <px,px,...>", "picture sizes to try", parseNumbers("--sizes"))
    .option("--held-out <share>", "share of the judgements kept for the estimate", parseNumber("--held-out"), 0.3)
    .option("--order <n>", "seed of the order of the judgements", parseCount("--order", 0), 1)
    .option(
      "--out <png>",
      "draw the grid: a row per tap by name, a column per step and a panel per size in rising order; the best is outlined",
    );
  addModelOptions(command).action((triplets: string, options: TuneOptions, self: Command) =>
    run(self, (context) => runTune(context, triplets, options)),
  );
}

async function runTune(
  context: CommandContext,
  triplets: string,
  { metric, steps, sizes, heldOut, order, out, ...flags }: TuneOptions,
): Promise<void> {
  const { checkpoint, companions, options } = filePair({ a: "", b: "" }, readCompareFlags(flags), null);
  const { step, size, ...fixed } = options;
  assertNotSearched(fixed);
  const axes = {
    ...(step === undefined ? {} : { steps: [step] }),
    ...(size === undefined ? {} : { sizes: [size] }),
    ...(steps === undefined ? {} : { steps }),
    ...(sizes === undefined ? {} : { sizes }),
  };
  const picture = out === undefined ? null : resolve(out);
  if (picture !== null) await assertOutputFile(picture, ".png");
  await withInference(context, async (inference) => {
    const report = await tuneFile(
      inference,
      {
        file: resolve(triplets),
        folder: dirname(resolve(triplets)),
        metric,
        checkpoint,
        companions,
        libraryPath: context.common.libraryPath,
        axes,
        fixed,
        seed: order,
        heldOut,
        picture,
      },
      { signal: context.signal, onProgress: ({ done, total }) => context.output.progress.count(done, total, "judgements") },
    );
    throwIfStopped(context.signal);
    context.output.result({ document: report, text: () => reportText(report, picture) });
  });
}

/** An option that the search would overrule, or that no search can follow, is told rather than passed over. */
function assertNotSearched(options: FilePair["options"]): void {
  const searched = (["block", "layer", "tap", "timestep"] as const).find((name) => options[name] !== undefined);
  if (searched !== undefined)
    throw appError("usage/invalid", `--${searched} is what tune looks for.`, {
      hint: "Leave it out; --step and --size, or --steps and --sizes, narrow the search.",
    });
  if (options.mode === "published")
    throw appError("usage/invalid", "Settings are tuned in the corrected mode, in which every picture is measured once.", {
      hint: "Leave --mode out.",
    });
}

function reportText({ best, heldOut, grid, judgements }: TuneReport, picture: string | null): string {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const axes = (["tap", "step", "size"] as const).filter((axis) => grid.some((row) => row[axis] !== null));
  const rows = grid
    .slice(0, shownStandings)
    .map((row) => [...axes.map((axis) => row[axis] ?? ""), percent(row.accuracy), String(row.judged)]);
  const lines = [
    `Best: ${best.flags}`,
    "",
    table([...axes, "right", "of"], rows),
    "",
    `${judgements.made} judgements made; a full search makes ${judgements.full}.`,
  ];
  if (heldOut === null) lines.push("No judgements were held out, so there is no estimate.");
  else {
    const [low, high] = heldOut.best.interval;
    lines.push(
      `On ${heldOut.best.total} judgements that were held out: ${percent(heldOut.best.accuracy)} right (95 % interval ${percent(low)} to ${percent(high)}); with the usual settings ${percent(heldOut.usual.accuracy)}.`,
    );
  }
  if (picture !== null) lines.push(picture);
  return lines.join("\n");
}
