/** @file `semblance matrix`: all pairs of pictures under one metric. */
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { type MetricName, similarityMeasureSchema } from "#shared/domain/feature-recipe";
import { metricNames } from "../../../engine/metric-names";
import { type MatrixOutlier, orderedByLikeness, outliersOf } from "../../../engine/services/matrix-order";
import { isMeasuredOnce, type Matrix, matrixCsv, scoreMatrix } from "../../../engine/services/matrix-service";
import { writeFileAtomic } from "../../../platform/atomic-file";
import { assertOutputFile } from "../../../platform/output-file";
import { type CommandContext, type Run, throwIfStopped } from "../command-context";
import { printable } from "../output/table";
import { withInference } from "../with-inference";
import { addModelOptions, filePair, noteUnheeded, readCompareFlags } from "./compare-options";

interface MatrixOptions {
  readonly metric: MetricName;
  readonly csv?: string;
  readonly order: "given" | "cluster";
}

/** Adds the command to the program. */
export function addMatrixCommand(program: Command, run: Run): void {
  const command = program
    .command("matrix")
    .description("score all pairs of pictures under one metric")
    .argument("<pictures...>", "pictures, or folders of pictures")
    .addOption(new Option("--metric <name>", "the metric").choices(metricNames).default("starter-style"))
    .option("--csv <file>", "write the table here instead of printing it")
    .addOption(
      new Option("--order <order>", "pictures as they were given, or like beside like").choices(["given", "cluster"]).default("given"),
    )
    .addOption(new Option("--tap <name>", "attention or inner value by its name, instead of block and layer"))
    .addOption(
      new Option("--similarity <measure>", "cosine or mean squared error of the attention outputs").choices(
        similarityMeasureSchema.options,
      ),
    );
  addModelOptions(command).action((pictures: string[], options: MatrixOptions, self: Command) =>
    run(self, (context) => writeMatrix(context, pictures, options)),
  );
}

async function writeMatrix(
  context: CommandContext,
  pictures: readonly string[],
  { metric, csv, order, ...flags }: MatrixOptions,
): Promise<void> {
  const { output, common, signal } = context;
  const { checkpoint, companions, options } = filePair({ a: "", b: "" }, readCompareFlags(flags), common.libraryPath);
  noteUnheeded(output, [{ metric, options }]);
  const file = csv === undefined ? null : resolve(csv);
  if (file !== null) await assertOutputFile(file, ".csv");
  if (!isMeasuredOnce(metric, options))
    output.note(
      `${metric} has no features of single pictures${options.mode === "published" ? " in published mode" : ""}: every pair is compared from its pixels, in both orders.`,
    );
  await withInference(context, async (inference) => {
    const scored = await scoreMatrix(
      inference,
      { inputs: pictures, metric, checkpoint, companions, libraryPath: common.libraryPath, options },
      { signal, onProgress: (done, total, what) => output.progress.count(done, total, what) },
    );
    throwIfStopped(signal);
    const matrix = order === "cluster" ? orderedByLikeness(scored) : scored;
    const outliers = outliersOf(scored);
    for (const { reason } of matrix.skipped) output.note(printable(reason));
    if (file !== null) await writeFileAtomic(file, matrixCsv(matrix));
    output.result({
      document: { ...matrix, order, outliers, csv: file },
      text: () => (file === null ? matrixCsv(matrix).trimEnd() : summary(matrix, { file, outliers })),
    });
  });
}

interface Written {
  readonly file: string;
  readonly outliers: readonly MatrixOutlier[];
}

function summary({ paths, metric, direction, skipped }: Matrix, { file, outliers }: Written): string {
  const left = skipped.length === 0 ? "" : `, ${skipped.length} left out`;
  const meaning = direction === "distance" ? "0 is equal, more is less alike" : "more is more alike";
  const apart = outliers.map(({ path, meanScore }) => `\nunlike the others: ${printable(path)}, ${meanScore.toFixed(3)} on average`);
  return `${paths.length} pictures${left}, ${metric}: a ${direction}, ${meaning}${apart.join("")}\n${file}`;
}
