/** @file `semblance duplicates`: pictures that are there more than once, and which of them a person keeps apart. */
import { type Command, Option } from "commander";
import { appError } from "#shared/domain/app-error";
import type { AssetId } from "#shared/domain/asset";
import { type DuplicateGroup, type Duplicates, type DuplicateTier, duplicateTierSchema } from "#shared/domain/duplicates";
import type { MetricName } from "#shared/domain/feature-recipe";
import { defined } from "#shared/lib/assert";
import type { Engine } from "../../../engine/engine";
import { metricNames } from "../../../engine/metric-names";
import { type CommandContext, type Run, throwIfStopped } from "../command-context";
import { parseNumbers } from "../common-options";
import { scoreText, table } from "../output/table";
import { nothingPasses, whereOption } from "../where-option";

interface DuplicatesOptions {
  readonly tier?: DuplicateTier;
  readonly similarity?: readonly number[];
  readonly metric?: MetricName;
  readonly where?: string;
}

/** Adds the commands to the program. */
export function addDuplicatesCommands(program: Command, run: Run): void {
  const duplicates = program
    .command("duplicates")
    .description("list pictures that are there more than once; nothing is deleted")
    .addOption(
      new Option(
        "--tier <tier>",
        "exact: the same bytes; near: saved again, scaled or retouched (default); scene: unusually alike (default with --similarity)",
      ).choices(duplicateTierSchema.options),
    )
    .option(
      "--similarity <low,high>",
      "only pictures so alike, from -1 to 1, instead of the tier's own bounds",
      parseNumbers("--similarity", 2),
    )
    .addOption(new Option("--metric <name>", "whose similarity (default: starter-subject)").choices(metricNames))
    .addOption(whereOption())
    .action((options: DuplicatesOptions, command: Command) => run(command, (context) => listDuplicates(context, options)));
  duplicates
    .command("keep-apart")
    .description("remember that no two of these pictures are duplicates")
    .argument("<image...>", "two or more pictures of the library")
    .option("--undo", "forget it again")
    .action((images: string[], options: { readonly undo?: boolean }, command: Command) =>
      run(command, (context) => keepApart(context, images, options.undo ?? false)),
    );
}

async function listDuplicates(context: CommandContext, options: DuplicatesOptions): Promise<void> {
  const { similarity, metric = null, where = null } = options;
  const tier = options.tier ?? (similarity === undefined ? "near" : "scene");
  if (tier === "exact" && (similarity !== undefined || metric !== null))
    throw appError("usage/invalid", "Files of the same bytes are found without a metric, so --similarity and --metric decide nothing.", {
      hint: "Leave them out, or choose --tier near or scene.",
    });
  for (const bound of similarity ?? [])
    if (Math.abs(bound) > 1) throw appError("usage/invalid", `--similarity ${bound} is outside -1 to 1.`);
  const [low = null, high = null] = similarity ?? [];
  await context.withEngine(
    async (engine) => {
      let answer: Duplicates | null = null;
      for await (const event of engine.duplicates.list({ tier, metric, low, high, folder: null, where }, context.signal)) {
        throwIfStopped(context.signal);
        if (event.answer === null) context.output.progress.count(event.done, event.total, "pictures");
        else answer = event.answer;
      }
      const found = defined(answer, "a look at the library ends with its answer");
      if (found.unlooked > 0)
        context.output.note(`${found.unlooked} pictures are not measured yet and were left out; run \`semblance index run\`.`);
      const groups = found.groups.map(groupRow);
      const { groups: _, ...summary } = found;
      context.output.result({ document: { ...summary, groups }, rows: groups, text: () => duplicatesText(found, where) });
    },
    { isReading: true },
  );
}

/** One row a file, the suggested one first. */
function groupRow({ pictures }: DuplicateGroup) {
  const files = pictures.flatMap(({ asset, files: copies, similarity, distance }, picture) =>
    copies.map(({ path, sizeBytes }, copy) => ({
      path,
      assetId: asset.id,
      width: asset.width,
      height: asset.height,
      sizeBytes,
      similarity,
      distance,
      isBest: picture === 0 && copy === 0,
    })),
  );
  return { files };
}

function duplicatesText({ tier, metric, low, high, groups, looked }: Duplicates, where: string | null): string {
  if (looked === 0 && where !== null) return nothingPasses(where, "measured picture");
  const alike = metric === null || low === null || high === null ? "" : `, alike by ${metric} from ${scoreText(low)} to ${scoreText(high)}`;
  if (groups.length === 0) return `No ${tier} duplicates among ${looked} pictures${alike}.`;
  const rows = groups
    .map(groupRow)
    .flatMap(({ files }, group) =>
      files.map(({ path, width, height, sizeBytes, similarity, isBest }) => [
        String(group + 1),
        `${width} x ${height}`,
        `${Math.ceil(sizeBytes / 1000)} kB`,
        isBest ? "best" : similarity === null ? "same bytes" : scoreText(similarity),
        path,
      ]),
    );
  const headings = ["group", "pixels", "size", "likeness", "file"];
  return `${table(headings, rows)}\n${groups.length} ${tier} ${groups.length === 1 ? "group" : "groups"} among ${looked} pictures${alike}. Nothing was deleted.`;
}

async function keepApart(context: CommandContext, images: readonly string[], isUndo: boolean): Promise<void> {
  await context.withEngine(async (engine) => {
    const assetIds = await assetIdsOf(engine, images);
    await (isUndo ? engine.duplicates.undoKeepApart(assetIds) : engine.duplicates.keepApart(assetIds));
    const said = isUndo ? "may be duplicates of one another again" : "are kept apart";
    context.output.result({ document: { assetIds, keptApart: !isUndo }, text: () => `${assetIds.length} pictures ${said}.` });
  });
}

async function assetIdsOf(engine: Engine, images: readonly string[]): Promise<readonly AssetId[]> {
  const ids = new Set<AssetId>();
  for (const image of images) ids.add(await engine.library.assetIdOf(image));
  if (ids.size < 2)
    throw appError("usage/invalid", "Only different pictures can be kept apart, and this is one.", {
      hint: "Name two or more pictures whose bytes differ; `semblance duplicates` lists them.",
    });
  return [...ids];
}
