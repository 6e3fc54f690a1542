/** @file `semblance heatmap`: a picture of where two pictures agree. */
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { appError } from "#shared/domain/app-error";
import type { MetricName } from "#shared/domain/feature-recipe";
import { metricNames } from "../../../engine/metric-names";
import type { PixelCrop } from "../../../engine/services/crop-pixels";
import { type HeatmapView, writeHeatmap } from "../../../engine/services/heatmap-service";
import { writeFileAtomic } from "../../../platform/atomic-file";
import { assertOutputFile } from "../../../platform/output-file";
import type { CommandContext, Run } from "../command-context";
import { parseNumbers } from "../common-options";
import { addModelOptions, filePair, noteUnheeded, readCompareFlags } from "./compare-options";
import { scoreText } from "../output/table";
import { withInference } from "../with-inference";

interface HeatmapOptions {
  readonly metric: MetricName;
  readonly at?: readonly number[];
  readonly crop?: readonly number[];
  readonly all?: boolean;
  readonly out: string;
  readonly data?: string;
}

/** Adds the command to the program. */
export function addHeatmapCommand(program: Command, run: Run): void {
  const command = program
    .command("heatmap")
    .description("draw where two pictures agree, side by side: dark blue least, yellow most")
    .argument("<a>", "a picture")
    .argument("<b>", "another picture")
    .addOption(new Option("--metric <name>", "a metric with tokens").choices(metricNames).default("starter-style"))
    .option("--tap <name>", "attention or inner value by its name, instead of block and layer")
    .addOption(
      new Option("--at <x,y>", "likeness to this point of the first picture, in pixels")
        .argParser(parseNumbers("--at", 2))
        .conflicts(["all"]),
    )
    .option("--crop <x,y,w,h>", "only this part of the first picture, in pixels", parseNumbers("--crop", 4))
    .option("--all", "the pictures above their maps, with the patches outlined that choose each other")
    .requiredOption("--out <png>", "the picture to write")
    .option("--data <json>", "also write the numbers");
  addModelOptions(command).action((a: string, b: string, options: HeatmapOptions, self: Command) =>
    run(self, (context) => drawPair(context, { a, b }, options)),
  );
}

async function drawPair(
  context: CommandContext,
  { a, b }: { readonly a: string; readonly b: string },
  { at, crop, all, data: dataFile, out: picture, ...flags }: HeatmapOptions,
): Promise<void> {
  const out = resolve(picture);
  const data = dataFile === undefined ? null : resolve(dataFile);
  const { metric, checkpoint, companions, options } = filePair({ a: "", b: "" }, readCompareFlags(flags), null);
  noteUnheeded(context.output, [{ metric, options }]);
  if (options.mode === "published")
    throw appError("usage/invalid", "A heat map shows the corrected mode; the published code draws none.", { hint: "Leave --mode out." });
  await assertOutputFile(out, ".png");
  if (data !== null) await assertOutputFile(data);
  await withInference(context, async (inference) => {
    const numbers = await writeHeatmap(inference, {
      a: resolve(a),
      b: resolve(b),
      ...{ metric, checkpoint, companions, options },
      libraryPath: context.common.libraryPath,
      cropA: cropOf(crop),
      view: viewOf({ at, all }),
      out,
    });
    if (data !== null) await writeFileAtomic(data, JSON.stringify(numbers));
    context.output.result({
      document: {
        out,
        data,
        metric: numbers.metric,
        score: numbers.score,
        directions: numbers.directions,
        range: numbers.range,
      },
      text: () =>
        `${out}\n${numbers.metric} ${scoreText(numbers.score)}; the map goes from ${scoreText(numbers.range[0])} (dark blue) to ${scoreText(numbers.range[1])} (yellow)`,
    });
  });
}

function cropOf(pixels: readonly number[] | undefined): PixelCrop | null {
  const [x = 0, y = 0, width = 0, height = 0] = pixels ?? [];
  return pixels === undefined ? null : [x, y, width, height];
}

function viewOf({ at, all }: { readonly at: readonly number[] | undefined; readonly all: boolean | undefined }): HeatmapView {
  const [x, y] = at ?? [];
  if (x !== undefined && y !== undefined) return { kind: "point", x, y };
  return { kind: all === true ? "all" : "agreement" };
}
