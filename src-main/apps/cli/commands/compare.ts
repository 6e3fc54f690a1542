/** @file `semblance compare`: one pair (or a file of pairs) under one metric, with every option of the published code. */
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { type Command, Option } from "commander";
import { type AppError, appError, exitCodeOf, toAppError } from "#shared/domain/app-error";
import { similarityMeasureSchema } from "#shared/domain/feature-recipe";
import { comparableNames } from "../../../engine/metric-names";
import type { InferenceService } from "../../../engine/inference/inference-service";
import { compareFiles, type FileComparison, type FilePair } from "../../../engine/services/pair-comparison";
import { assertOutputFile } from "../../../platform/output-file";
import { type CommandContext, throwIfStopped, type Run } from "../command-context";
import { parseNumbers } from "../common-options";
import { scoreText } from "../output/table";
import { deviceFields, withInference } from "../with-inference";
import { compareEnsemblePair, ensembleDocument, ensembleText, isOfEnsemble, withEnsembleLibrary } from "./compare-ensemble";
import { maskWords } from "./mask";
import { addModelOptions, type CompareFlags, filePair, noteUnheeded, readCompareFlags, readPairLine } from "./compare-options";

/** Adds the command to the program. */
export function addCompareCommand(program: Command, run: Run): void {
  const command = program
    .command("compare")
    .description("score one pair of pictures under one metric")
    .argument("[a]", "a picture")
    .argument("[b]", "another picture")
    .addOption(new Option("--metric <name>", "the metric (default: starter-style)").choices(comparableNames))
    .option("--tap <name>", "attention or inner value by its name, instead of block and layer")
    .addOption(
      new Option("--similarity <measure>", "cosine or mean squared error of the attention outputs").choices(
        similarityMeasureSchema.options,
      ),
    )
    .option("--crop-a <x,y,w,h>", "only this part of the first picture, in pixels", parseNumbers("--crop-a", 4))
    .option("--crop-b <x,y,w,h>", "only this part of the second picture, in pixels", parseNumbers("--crop-b", 4))
    .option("--mask-a <file>", "what counts of the first picture: a picture of its size, white where it counts")
    .option("--mask-b <file>", "what counts of the second picture")
    .option(
      "--foreground",
      "score what stands in front: by masks, transparency or an estimate, with the score of the whole pictures beside it",
    )
    .option("--save-tensors <file>", "write every staged tensor to a .safetensors file")
    .option(
      "--pairs <file>",
      "compare many pairs: one JSON object a line with a, b and any option in camelCase; one JSON line out for each",
    );
  addModelOptions(command).action((a: string | undefined, b: string | undefined, options: { pairs?: string }, self: Command) =>
    run(self, (context) =>
      options.pairs === undefined ? compareOne(context, { a, b }, options) : comparePairs(context, { a, b, file: options.pairs }, options),
    ),
  );
}

async function compareOne(
  context: CommandContext,
  { a, b }: { readonly a: string | undefined; readonly b: string | undefined },
  options: object,
): Promise<void> {
  if (a === undefined || b === undefined)
    throw appError("usage/invalid", "Two pictures are needed.", {
      hint: "Write `semblance compare A B --metric NAME`, or give many pairs with --pairs FILE.",
    });
  const pair = filePair({ a: resolve(a), b: resolve(b) }, readCompareFlags(options), context.common.libraryPath);
  if (isOfEnsemble(pair)) {
    const compared = await withEnsembleLibrary(context, (engine) => compareEnsemblePair(engine, pair));
    context.output.result({ document: ensembleDocument(compared), text: () => ensembleText(compared) });
    return;
  }
  noteUnheeded(context.output, [pair]);
  if (pair.saveTensors !== null) await assertOutputFile(resolve(pair.saveTensors));
  await withInference(context, async (inference) => {
    const compared = await compareFiles(inference, pair);
    const document = await documentOf(inference, pair, compared);
    context.output.result({ document, text: () => comparisonText(compared) });
  });
}

/**
 * Many pairs in one process, so that models are loaded once. Paths in the file are relative to the file. A pair that cannot be compared gets
 * a line that says why, and the rest goes on.
 */
async function comparePairs(
  context: CommandContext,
  given: { readonly a: string | undefined; readonly b: string | undefined; readonly file: string },
  options: object,
): Promise<number> {
  if (given.a !== undefined || given.b !== undefined) throw appError("usage/invalid", "Give two pictures or --pairs, not both.");
  const pairs = await readPairs(given.file, readCompareFlags(options), context.common.libraryPath);
  if (pairs.length === 0) context.output.note(`${resolve(given.file)} holds no pairs.`);
  noteUnheeded(
    context.output,
    pairs.filter((pair) => !isOfEnsemble(pair)),
  );
  const failures: AppError[] = [];
  await withDocuments(context, pairs, async (documentOfPair) => {
    for (const [index, pair] of pairs.entries()) {
      throwIfStopped(context.signal);
      const line = await documentOfPair(pair).catch((error: unknown) => {
        const failure = toAppError(error);
        failures.push(failure);
        return { a: pair.a, b: pair.b, error: failure.toShape() };
      });
      context.output.jsonLine(line);
      if ((index + 1) % 100 === 0) context.output.note(`${index + 1} of ${pairs.length} pairs`);
    }
  });
  if (failures.length > 0) context.output.note(`${failures.length} of ${pairs.length} pairs could not be compared; their lines say why.`);
  return Math.max(0, ...failures.map((failure) => exitCodeOf(failure.code)));
}

/** Opens what the pairs need: the models, and the library too where the ensemble is asked. */
async function withDocuments(
  context: CommandContext,
  pairs: readonly FilePair[],
  use: (documentOfPair: (pair: FilePair) => Promise<object>) => Promise<void>,
): Promise<void> {
  if (!pairs.some(isOfEnsemble)) return withInference(context, (inference) => use((pair) => documentOfPair(inference, pair)));
  return withEnsembleLibrary(context, (engine) =>
    use(async (pair) =>
      isOfEnsemble(pair) ? ensembleDocument(await compareEnsemblePair(engine, pair)) : documentOfPair(engine.inference, pair),
    ),
  );
}

async function documentOfPair(inference: InferenceService, pair: FilePair): Promise<object> {
  if (pair.saveTensors !== null) await assertOutputFile(resolve(pair.saveTensors));
  return documentOf(inference, pair, await compareFiles(inference, pair));
}

async function readPairs(file: string, flags: CompareFlags, libraryPath: string | null): Promise<readonly FilePair[]> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw appError("image/unreadable", `The pairs file ${resolve(file)} cannot be read.`, { hint: "Check the path.", cause });
  });
  const folder = dirname(resolve(file));
  return text.split("\n").flatMap((line, index): FilePair[] => {
    if (line.trim() === "") return [];
    const { a, b, ...own } = readPairLine(line, `Line ${index + 1} of ${file}`);
    return [filePair({ a: resolve(folder, a), b: resolve(folder, b) }, { ...flags, ...own, ...resolvedPaths(own, folder) }, libraryPath)];
  });
}

/** The pictures and files that a line names beside its pair, relative to the file the line is in. */
function resolvedPaths(line: CompareFlags, folder: string): CompareFlags {
  const names = ["saveTensors", "maskA", "maskB"] as const;
  return Object.fromEntries(
    names.flatMap((name) => {
      const path = line[name];
      return path === undefined ? [] : [[name, resolve(folder, path)]];
    }),
  );
}

async function documentOf(
  inference: InferenceService,
  pair: FilePair,
  { comparison, model, milliseconds, foreground }: FileComparison,
): Promise<object> {
  const { score, scores, directions, similarity, recipe } = comparison;
  return {
    metric: pair.metric,
    score,
    ...(foreground === undefined ? {} : { whole: foreground.whole, foreground: { a: foreground.a, b: foreground.b } }),
    ...(scores === undefined ? {} : { scores }),
    directions,
    similarity,
    recipe,
    model: { name: model.name, sha256: model.sha256 },
    ...(await deviceFields(inference)),
    precision: recipe.precision,
    milliseconds: { decode: null, text: null, vae: null, unet: null, score: null, ...milliseconds },
  };
}

function comparisonText({ comparison, model, foreground }: FileComparison): string {
  const { score, scores = [], directions, similarity, recipe } = comparison;
  const both = directions.ab === null ? "" : `  (A in B ${scoreText(directions.ab)}, B in A ${scoreText(directions.ba)})`;
  const meaning = similarity === "mse" ? "; a distance, smaller is more alike" : "";
  const lines = [`${score}${both}`, `${recipe.metric} of ${model.name}, ${recipe.mode} mode, ${recipe.tap}${meaning}`];
  if (foreground !== undefined) {
    const { whole, a, b } = foreground;
    lines.push(`the foregrounds (A ${areaText(a)}; B ${areaText(b)}); whole pictures ${scoreText(whole)}`);
  }
  if (scores.length > 1)
    lines.push(`one by one: ${scores.map(scoreText).join(", ")}; above is ${recipe.tap.split(", ")[scores.indexOf(score)]}`);
  return lines.join("\n");
}

const areaText = ({ source, share }: NonNullable<FileComparison["foreground"]>["a"]): string =>
  `${Math.round(100 * share)} %, ${maskWords[source]}`;
