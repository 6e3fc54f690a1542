/** @file `semblance find`: pictures like these. */
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { appError } from "#shared/domain/app-error";
import type { MetricName } from "#shared/domain/feature-recipe";
import { comparableNames, ensembleName, metricNames, questionOfMetric } from "../../../engine/metric-names";
import type { Question } from "#shared/domain/model-card";
import { usualAgainstWeights } from "#shared/domain/adjusted-score";
import { type Against, type Combine, combineSchema, type Match, type SearchReference } from "#shared/domain/search";
import { defined } from "#shared/lib/assert";
import type { Engine } from "../../../engine/engine";
import type { SearchStep } from "../../../engine/services/search-matches";
import { type CommandContext, throwIfStopped, type Run } from "../command-context";
import { cropOf, parseCount, parseNumber, parseNumbers, repeatable } from "../common-options";
import { rarityText, scoreText, table } from "../output/table";
import { nothingPasses, whereOption } from "../where-option";

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
  readonly against?: AskedAgainst;
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
    .addOption(whereOption())
    .option(
      "--against <metric[=weight]>",
      "look past a property: take another metric's score off, 0 to 1 times, e.g. starter-subject=0.3 ignores what is shown",
      parseAgainst,
    )
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
        folder: null,
        where: options.where ?? null,
        against: againstOf(metric, options.against),
      };
      const last = await lastStep(engine.search.run(query, context.signal), context);
      const recipe = metric === ensembleName ? null : (await engine.recipes.of(metric)).recipe;
      const mode = options.metric === undefined ? question : null;
      const document = documentOf({ references, mode, metric, recipe, isExact: query.exact, step: last });
      if (last.unranked > 0) context.output.note(`${last.unranked} pictures are no longer where they were; they keep their coarse score.`);
      context.output.result({ document, rows: document.results, text: () => resultText(last, query.where) });
    },
    { isReading: true },
  );
}

function questionOf(options: FindOptions): Question {
  if (options.instance === true) return "instance";
  return options.semantic === true ? "semantic" : "style";
}

/** A weight of null is the usual one of the question. */
interface AskedAgainst {
  readonly metric: MetricName;
  readonly weight: number | null;
}

/** `METRIC` or `METRIC=WEIGHT`. */
function parseAgainst(text: string): AskedAgainst {
  const [, metric = "", weightText] = /^([^=]*)(?:=(.*))?$/.exec(text) ?? [];
  const weight = weightText === undefined ? null : Number(weightText.trim() || Number.NaN);
  if (!comparableNames.includes(metric)) {
    throw appError("metric/unknown", `There is no metric ${metric} to look past.`, { hint: `Metrics: ${metricNames.join(", ")}.` });
  }
  if (weight !== null && !(weight >= 0 && weight <= 1)) {
    throw appError("usage/invalid", `--against ${text} has no weight from 0 to 1.`, {
      hint: `Write --against ${metric}=0.3, for example.`,
    });
  }
  return { metric, weight };
}

function againstOf(metric: MetricName, asked: AskedAgainst | undefined): Against | null {
  return asked === undefined ? null : { metric: asked.metric, weight: asked.weight ?? usualAgainstWeights[questionOfMetric(metric)] };
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

/** A picture's fields, those of looking past a property only where the query does. */
function resultOf({ rank, path, asset, score, rarity, againstScore, adjusted, votes }: Match, isAgainst: boolean) {
  return { rank, path, assetId: asset.id, score, rarity, ...(isAgainst ? { againstScore, adjusted } : {}), votes };
}

function documentOf({ references, mode, metric, recipe, isExact, step }: Answer) {
  return {
    query: references.map(({ path, weight, crop }) => ({ path, weight, ...(crop === null ? {} : { crop }) })),
    mode,
    metric,
    recipe,
    candidates: step.candidates,
    ...(step.expectedRecall === undefined ? {} : { expectedRecall: step.expectedRecall }),
    exact: isExact,
    precision: step.precision,
    ...(step.against === null ? {} : { against: { metric: step.against.metric, weight: step.against.weight } }),
    results: step.matches.map((match) => resultOf(match, step.against !== null)),
    milliseconds: step.milliseconds,
  };
}

function resultText(step: SearchStep, where: string | null): string {
  const { against } = step;
  const rows = step.matches.map(({ rank, score, rarity, againstScore, adjusted, path }) => [
    String(rank),
    scoreText(score),
    rarityText(rarity),
    ...(against === null ? [] : [scoreText(againstScore), scoreText(adjusted)]),
    path,
  ]);
  const columns = ["rank", "score", "rarity", ...(against === null ? [] : [against.metric, "adjusted"]), "file"];
  const partial =
    step.measured < step.total
      ? `\n${step.measured} of ${step.total} pictures are measured; run \`semblance index run\` for the rest.`
      : "";
  if (rows.length === 0 && where !== null) return `${nothingPasses(where, "measured picture")}${partial}`;
  return rows.length === 0 ? `Nothing found.${partial}` : `${table(columns, rows)}${partial}`;
}
