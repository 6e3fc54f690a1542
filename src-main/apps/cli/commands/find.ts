/** @file `semblance find`: pictures like these. */
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { appError } from "#shared/domain/app-error";
import type { MetricName } from "#shared/domain/feature-recipe";
import { comparableNames, ensembleName } from "../../../engine/metric-names";
import type { Question } from "#shared/domain/model-card";
import { type Combine, combineSchema, type SearchReference } from "#shared/domain/search";
import { defined } from "#shared/lib/assert";
import type { Engine } from "../../../engine/engine";
import type { SearchStep } from "../../../engine/services/search-matches";
import { type CommandContext, throwIfStopped, type Run } from "../command-context";
import { cropOf, parseCount, parseNumber, parseNumbers, repeatable } from "../common-options";
import { printable, rarityText, scoreText, table } from "../output/table";

/** Weight of an unwanted picture when none is given. */
const unwantedWeight = -0.5;

interface FindOptions {
  readonly minus?: readonly string[];
  readonly weight?: readonly number[];
  readonly crop?: readonly number[];
  readonly style?: boolean;
  readonly instance?: boolean;
  readonly semantic?: boolean;
  readonly metric?: MetricName;
  readonly combine: Combine;
  readonly top: number;
  readonly where?: string;
  readonly exact?: boolean;
}

/** Adds the command to the program. */
export function addFindCommand(program: Command, run: Run): void {
  program
    .command("find")
    .description("find the pictures of the library that are like these")
    .argument("<image...>", "pictures to look for, from the library or from outside")
    .option(
      "--minus <image>",
      "a picture to be unlike (repeatable)",
      repeatable((text) => text),
    )
    .option(
      "--weight <w>",
      "weight from -1 to 1 of each picture in turn, the unwanted ones last (repeatable)",
      repeatable(parseNumber("--weight")),
    )
    .option("--crop <x,y,w,h>", "only this part of the first picture, in pixels", parseNumbers("--crop", 4))
    .addOption(new Option("--style", "same marks and medium (default)").conflicts(["instance", "semantic", "metric"]))
    .addOption(new Option("--instance", "the same thing").conflicts(["style", "semantic", "metric"]))
    .addOption(new Option("--semantic", "the same kind of subject").conflicts(["style", "instance", "metric"]))
    .addOption(new Option("--metric <name>", "the metric to ask, or ensemble for the mean percentile of three").choices(comparableNames))
    .addOption(
      new Option("--combine <how>", "how scores against several pictures become one").choices(combineSchema.options).default("mean"),
    )
    .option("--top <n>", "how many results", parseCount("--top"), 20)
    .option("--where <expr>", 'only part of the library: folder="PATH"')
    .option("--exact", "score the whole library by the metric itself, without choosing candidates first")
    .action((images: string[], options: FindOptions, command: Command) => run(command, (context) => find(context, images, options)));
}

async function find(context: CommandContext, images: readonly string[], options: FindOptions): Promise<void> {
  await context.withEngine(
    async (engine) => {
      const question = questionOf(options);
      const metric = options.metric ?? (await engine.metrics.forQuestion(question));
      const references = await readReferences(engine, images, options);
      const query = {
        references: references.map((each) => each.reference),
        metric,
        combine: options.combine,
        top: options.top,
        exact: options.exact ?? false,
        folder: folderOf(options.where),
      };
      const last = await lastStep(engine.search.run(query, context.signal), context);
      const recipe = metric === ensembleName ? null : (await engine.recipes.of(metric)).recipe;
      const mode = options.metric === undefined ? question : null;
      const document = documentOf({ references, mode, metric, recipe, isExact: query.exact, step: last });
      if (last.unranked > 0) context.output.note(`${last.unranked} pictures are no longer where they were; they keep their coarse score.`);
      context.output.result({ document, rows: document.results, text: () => resultText(last, query.folder) });
    },
    { isReading: true },
  );
}

function questionOf(options: FindOptions): Question {
  if (options.instance === true) return "instance";
  return options.semantic === true ? "semantic" : "style";
}

/** `folder="PATH"`, the one thing `--where` knows. */
function folderOf(where: string | undefined): string | null {
  if (where === undefined) return null;
  const folder = /^\s*folder\s*=\s*(?:"([^"]*)"|'([^']*)'|(\S.*?))\s*$/.exec(where);
  const path = folder?.[1] ?? folder?.[2] ?? folder?.[3];
  if (path === undefined || path === "")
    throw appError("usage/invalid", `--where does not understand ${where}.`, { hint: 'Write --where folder="PATH".' });
  return resolve(path);
}

interface FoundReference {
  readonly path: string;
  readonly weight: number;
  readonly crop: readonly number[] | null;
  readonly reference: SearchReference;
}

async function readReferences(engine: Engine, images: readonly string[], options: FindOptions): Promise<readonly FoundReference[]> {
  const unwanted = options.minus ?? [];
  const weights = options.weight ?? [];
  if (weights.length > images.length + unwanted.length) {
    throw appError("usage/invalid", `There are ${weights.length} weights for ${images.length + unwanted.length} pictures.`, {
      hint: "Give one --weight for each picture, or none.",
    });
  }
  const found: FoundReference[] = [];
  for (const [index, image] of [...images, ...unwanted].entries()) {
    const isUnwanted = index >= images.length;
    const given = weights[index];
    if (given !== undefined && Math.abs(given) > 1) throw appError("usage/invalid", `--weight ${given} is outside -1 to 1.`);
    const weight = given === undefined ? (isUnwanted ? unwantedWeight : 1) : isUnwanted ? -Math.abs(given) : given;
    const asset = await engine.library.picture(image);
    const crop = index === 0 && options.crop !== undefined ? options.crop : null;
    found.push({
      path: resolve(image),
      weight,
      crop,
      reference: { assetId: asset.id, weight, crop: crop === null ? null : cropOf(crop, asset) },
    });
  }
  return found;
}

async function lastStep(steps: AsyncIterable<SearchStep>, context: CommandContext): Promise<SearchStep> {
  let last: SearchStep | null = null;
  for await (const step of steps) {
    throwIfStopped(context.signal);
    last = step;
  }
  return defined(last, "a search answers");
}

interface Answer {
  readonly references: readonly FoundReference[];
  readonly mode: Question | null;
  readonly metric: MetricName;
  readonly recipe: unknown;
  readonly isExact: boolean;
  readonly step: SearchStep;
}

function documentOf({ references, mode, metric, recipe, isExact, step }: Answer) {
  return {
    query: references.map(({ path, weight, crop }) => ({ path, weight, ...(crop === null ? {} : { crop }) })),
    mode,
    metric,
    recipe,
    candidates: step.candidates,
    exact: isExact,
    results: step.matches.map(({ rank, path, asset, score, rarity, votes }) => ({ rank, path, assetId: asset.id, score, rarity, votes })),
    milliseconds: step.milliseconds,
  };
}

function resultText(step: SearchStep, folder: string | null): string {
  const rows = step.matches.map(({ rank, score, rarity, path }) => [String(rank), scoreText(score), rarityText(rarity), path]);
  const partial =
    step.measured < step.total
      ? `\n${step.measured} of ${step.total} pictures are measured; run \`semblance index run\` for the rest.`
      : "";
  if (rows.length === 0 && folder !== null) return `No measured picture of the library lies in ${printable(folder)}.${partial}`;
  return rows.length === 0 ? `Nothing found.${partial}` : `${table(["rank", "score", "rarity", "file"], rows)}${partial}`;
}
