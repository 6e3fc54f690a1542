/** @file `semblance maps`: what a model's inner values show of one or two pictures, tile by tile. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { z } from "zod";
import { appError } from "#shared/domain/app-error";
import type { MetricName } from "#shared/domain/feature-recipe";
import { misfit } from "#shared/lib/misfit";
import { metricNames } from "../../../engine/metric-names";
import { type TapRecipeName, tapRecipeNames } from "../../../engine/services/file-features";
import { type Keypoints, mapKinds, type MapKind, type MapOrder, writeMaps } from "../../../engine/services/map-service";
import { writeFileAtomic } from "../../../platform/atomic-file";
import { assertOutputFile } from "../../../platform/output-file";
import type { CommandContext, Run } from "../command-context";
import { parseCount, parseNumbers } from "../common-options";
import { withInference } from "../with-inference";
import { addModelOptions, filePair, readCompareFlags } from "./compare-options";

interface MapFlags {
  readonly kind: MapKind;
  readonly tap?: string;
  readonly metric?: MetricName;
  readonly recipe?: TapRecipeName;
  readonly at?: readonly number[];
  readonly keypoints?: string;
  readonly square?: number;
  readonly maskAnomalies?: boolean;
  readonly segments: number;
  readonly out: string;
  readonly data?: string;
}

const defaultMetric: MetricName = "starter-subject";

const help = `
Kinds of maps:
  cosine, cosine_centered, dot-product, manhattan, euclidean, chebyshev, rel-l2-norm
                  the tile at --at against all tiles; the best one of the second picture is outlined
  correspondence  every tile of the second picture in the colour of its like in the first; with --at or --keypoints where these points lie
  pca             the three directions in which all tiles differ most, as red, green and blue
  segments        tiles that are alike have one colour, in both pictures
  norms           how strong each tile is; tiles far stronger than usual are outlined

Without --tap and --metric the tokens of the bundled starter are taken. --data holds grids, values and places in pixels.`;

/** Adds the command to the program. */
export function addMapsCommand(program: Command, run: Run): void {
  const command = program
    .command("maps")
    .description("draw what a model's inner values show, tile by tile: likeness to one tile, colours, segments, strengths, matches")
    .argument("<a>", "a picture")
    .argument("[b]", "another picture, read on the same scale")
    .addOption(new Option("--kind <name>", "what to draw, see below").choices(mapKinds).default("pca"))
    .addOption(
      new Option("--tap <name,name,...>", "the inner value, as `semblance features` names it; several are stacked").conflicts(["metric"]),
    )
    .addOption(new Option("--metric <name>", `the tokens of this metric instead (default: ${defaultMetric})`).choices(metricNames))
    .addOption(
      new Option("--recipe <name>", "whose noise, timestep and input conventions apply to the taps")
        .choices(tapRecipeNames)
        .conflicts(["metric"]),
    )
    .addOption(
      new Option("--at <x,y>", "a point of the first picture, in pixels").argParser(parseNumbers("--at", 2)).conflicts(["keypoints"]),
    )
    .option(
      "--keypoints <file>",
      'a JSON file of points to find and to judge: {"source": [[x, y], ...], "target": [[x, y], ...], "box": [l, t, r, b], "alpha": 0.1}',
    )
    .option(
      "--square <px>",
      "find points in pictures squashed to squares of this side, as generic-diffusion-feature does",
      parseCount("--square"),
    )
    .option("--mask-anomalies", "leave out tiles that are far stronger than usual, as corners and borders of deep blocks are")
    .option("--segments <n>", "number of segments", parseCount("--segments", 2), 6)
    .requiredOption("--out <png>", "the picture to write")
    .option("--data <json>", "also write the numbers")
    .addHelpText("after", help);
  addModelOptions(command).action((a: string, b: string | undefined, flags: MapFlags, self: Command) =>
    run(self, (context) => drawMapsOf(context, b === undefined ? [a] : [a, b], flags)),
  );
}

async function drawMapsOf(context: CommandContext, pictures: readonly string[], flags: MapFlags): Promise<void> {
  const out = resolve(flags.out);
  const data = flags.data === undefined ? null : resolve(flags.data);
  await assertOutputFile(out, ".png");
  if (data !== null) await assertOutputFile(data);
  const order = await orderOf(context, pictures, { ...flags, out });
  await withInference(context, async (inference) => {
    const numbers = await writeMaps(inference, order);
    if (data !== null) await writeFileAtomic(data, JSON.stringify(numbers));
    const { kind, model, taps, metric } = numbers;
    const grids = numbers.pictures.map(({ path, grid, channels }) => ({ path, grid, channels }));
    context.output.result({
      document: { out, data, kind, model, taps, metric, pictures: grids },
      text: () =>
        `${out}\n${kind} of ${metric ?? taps.join()}: ${grids.map(({ grid, channels }) => `${grid.rows} x ${grid.columns} tiles of ${channels} numbers`).join(", ")}`,
    });
  });
}

async function orderOf(context: CommandContext, pictures: readonly string[], flags: MapFlags): Promise<MapOrder> {
  const { kind, tap, metric, recipe, at, keypoints, square, maskAnomalies = false, segments, out, data: _, ...modelFlags } = flags;
  const [a = "", b = a] = pictures;
  const { checkpoint, companions, options, libraryPath } = filePair({ a, b }, readCompareFlags(modelFlags), context.common.libraryPath);
  if (checkpoint !== null && checkpoint !== "starter" && tap === undefined && metric === undefined) {
    throw appError("usage/invalid", "A model is given, but not which of its values the map is made of.", {
      hint: "Name one with --tap NAME, or a metric whose tokens are taken with --metric NAME.",
    });
  }
  const named = keypoints === undefined ? null : await readKeypoints(resolve(keypoints));
  const isPoint = kind === "correspondence" && at !== undefined;
  const points = isPoint ? { points: [pointOf(at)], expected: null } : named;
  if (square !== undefined && points === null) {
    throw appError("usage/invalid", "--square is about points to find, and none is given.", {
      hint: "Give --kind correspondence with --at or --keypoints.",
    });
  }
  return {
    pictures: pictures.map((path) => resolve(path)),
    kind,
    taps: tap === undefined ? [] : tap.split(",").map((name) => name.trim()),
    metric: metric ?? defaultMetric,
    model: { checkpoint, companions, options, libraryPath, ...(recipe === undefined ? {} : { recipe }) },
    at: at === undefined || isPoint ? null : pointOf(at),
    keypoints: points === null ? null : { ...points, squareSide: square ?? null },
    masksAnomalies: maskAnomalies,
    segments,
    seed: options.seed ?? 0,
    out,
  };
}

function pointOf([x = 0, y = 0]: readonly number[]): { readonly x: number; readonly y: number } {
  return { x, y };
}

const point = z.tuple([z.number(), z.number()]).transform(([x, y]) => ({ x, y }));
const keypointsSchema = z
  .strictObject({
    source: z.array(point).min(1),
    target: z.array(point).optional(),
    box: z.tuple([z.number(), z.number(), z.number(), z.number()]).optional(),
    alpha: z.number().positive().default(0.1),
  })
  .refine(
    ({ source, target }) => target === undefined || target.length === source.length,
    "source and target must have equally many points",
  );

async function readKeypoints(path: string): Promise<Omit<Keypoints, "squareSide">> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    throw appError("usage/invalid", `The keypoints file ${path} cannot be read as JSON.`, {
      hint: 'Check the path; the file holds {"source": [[x, y], ...], "target": [[x, y], ...]}.',
      cause,
    });
  }
  const parsed = keypointsSchema.safeParse(value);
  if (!parsed.success)
    throw appError("usage/invalid", `${path} holds no keypoints: ${misfit(parsed.error)}.`, {
      hint: "`semblance maps --help` shows the fields.",
    });
  const { source, target, box = null, alpha } = parsed.data;
  return { points: source, expected: target === undefined ? null : { points: target, box, alpha } };
}
