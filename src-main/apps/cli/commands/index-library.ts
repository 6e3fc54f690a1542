/** @file `semblance index ...`: which folders the library knows, and measuring them. */
import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import type { MetricName } from "#shared/domain/feature-recipe";
import { metricNames } from "../../../engine/metric-names";
import type { Job } from "#shared/domain/job";
import type { LibraryRoot } from "#shared/domain/library";
import type { Engine } from "../../../engine/engine";
import type { CommandContext, Run } from "../command-context";
import { parsePath, repeatable } from "../common-options";
import { durationText } from "../output/progress-line";
import { printable, table } from "../output/table";
import { addOptimiseCommand, type CandidateRow, candidateRows, candidateText, optimiseIfDue } from "./index-optimise";
import { addMoveCommand, rootNamed } from "./index-move";
import { watchIndexRun } from "./index-run";
import { addWatchCommand } from "./index-watch";

/** Adds the index commands to the program. */
export function addIndexCommands(program: Command, run: Run): void {
  const index = program.command("index").description("the folders of the library and their measurements");
  index
    .command("add")
    .description("add folders in place; nothing in them is ever changed")
    .argument("<dir...>", "folders", repeatable(parsePath("The path of the folder")))
    .action((folders: string[], _options, command: Command) => run(command, (context) => addFolders(context, folders)));
  index
    .command("run")
    .description("measure what is new or changed; goes on where an earlier run stopped")
    .addOption(new Option("--metric <name...>", "measure with these metrics too, from now on").choices(metricNames))
    .action((options: { metric?: MetricName[] }, command: Command) => run(command, (context) => runIndex(context, options.metric ?? [])));
  addOptimiseCommand(index, run);
  index
    .command("status")
    .description("how far the library is measured, and what was skipped")
    .action((_options, command: Command) => run(command, showStatus));
  index
    .command("list")
    .description("the folders of the library")
    .action((_options, command: Command) => run(command, listFolders));
  index
    .command("remove")
    .description("forget folders; their files stay untouched")
    .argument("<dir...>", "folders")
    .action((folders: string[], _options, command: Command) => run(command, (context) => removeFolders(context, folders)));
  addMoveCommand(index, run);
  addWatchCommand(index, run);
}

/** Adds what is not there yet, so that the same line can be run again. */
async function addFolders(context: CommandContext, folders: readonly string[]): Promise<void> {
  const { roots, added } = await context.withEngine(async (engine) => {
    const paths = [...new Set(await Promise.all(folders.map((folder) => realpath(folder).catch(() => resolve(folder)))))];
    const known = (await engine.store.roots.list()).filter((root) => paths.includes(root.path));
    const fresh = await engine.library.addRoots(paths.filter((path) => !known.some((root) => root.path === path)));
    return { roots: [...known, ...fresh], added: new Set(fresh.map((root) => root.path)) };
  });
  const lines = roots.map(({ path }) => `${added.has(path) ? "Added" : "Already in the library:"} ${printable(path)}`);
  context.output.result({
    document: roots.map(rootRow),
    rows: roots.map(rootRow),
    text: () => `${lines.join("\n")}\nRun \`semblance index run\` to measure ${roots.length === 1 ? "it" : "them"}.`,
  });
}

function rootRow(root: LibraryRoot): object {
  return { path: root.path, files: root.fileCount, available: root.isAvailable, sample: root.isSample };
}

async function listFolders(context: CommandContext): Promise<void> {
  const { roots, places } = await context.withEngine(
    async (engine) => {
      const known = await engine.store.roots.list();
      const found = new Map<string, string>();
      for (const root of known.filter((each) => !each.isAvailable)) {
        const [place] = await engine.library.placesOf(root.id);
        if (place !== undefined) found.set(root.path, place.path);
      }
      return { roots: known, places: found };
    },
    { isReading: true, isEmptyAllowed: true, readOnly: true },
  );
  const rows = roots.map((root) => ({ ...rootRow(root), foundAt: places.get(root.path) ?? null }));
  const hints = [...places].map(
    ([from, to]) =>
      `${printable(from)} seems to be at ${printable(to)} now: \`semblance index move ${quoted(from)} ${quoted(to)}\` takes it over.`,
  );
  context.output.result({
    document: rows,
    rows,
    text: () =>
      roots.length === 0
        ? "The library has no folders yet; add one with `semblance index add DIR`."
        : [
            table(
              ["folder", "files", ""],
              roots.map((root) => [root.path, String(root.fileCount), root.isAvailable ? "" : "not there; its index is kept"]),
            ),
            ...hints,
          ].join("\n"),
  });
}

/** A path as a shell takes it. */
const quoted = (path: string): string => (/^[\w./:\\-]+$/.test(path) ? path : `"${printable(path)}"`);

async function removeFolders(context: CommandContext, folders: readonly string[]): Promise<void> {
  const removed = await context.withEngine(async (engine) => {
    const chosen: LibraryRoot[] = [];
    for (const folder of folders) chosen.push(await rootNamed(engine, folder));
    const counts: { path: string; removedFiles: number }[] = [];
    for (const root of chosen) counts.push({ path: root.path, ...(await engine.library.removeRoot(root.id)) });
    return counts;
  });
  context.output.result({
    document: removed,
    rows: removed,
    text: () => removed.map((row) => `Forgot ${row.path} (${row.removedFiles} files, all untouched)`).join("\n"),
  });
}

async function runIndex(context: CommandContext, metrics: readonly MetricName[]): Promise<void> {
  await context.withEngine(async (engine) => {
    for (const metric of metrics) await engine.recipes.activate(metric);
    const job = await watchIndexRun(context, engine);
    await optimiseIfDue(context, engine);
    const status = await readStatus(engine, job);
    context.output.result({ document: status, text: () => summary(status, job) });
  });
}

interface IndexStatus {
  readonly assets: number;
  readonly files: number;
  readonly recipes: readonly {
    readonly name: string;
    readonly model: string | null;
    readonly done: number;
    readonly total: number;
    readonly candidates?: CandidateRow | undefined;
  }[];
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
  readonly job: {
    readonly state: string;
    readonly done: number;
    readonly total: number | null;
    readonly imagesPerSecond: number | null;
    readonly etaSeconds: number | null;
    readonly device: string | null;
    readonly deviceNote?: string;
  } | null;
}

async function readStatus(engine: Engine, latest: Job | null): Promise<IndexStatus> {
  const { store, metrics } = engine;
  const models = new Map<string, string>(store.recipes.list().map((recipe) => [recipe.id, recipe.modelName]));
  const candidates = await candidateRows(engine);
  return {
    assets: store.assets.count(),
    files: store.files.count(),
    recipes: (await metrics.progress()).map(({ recipeId, name, done, total }) => ({
      name,
      model: models.get(recipeId) ?? null,
      done,
      total,
      ...(candidates.has(recipeId) ? { candidates: candidates.get(recipeId) } : {}),
    })),
    skipped: store.issues.list(Number.MAX_SAFE_INTEGER).map(({ path, message }) => ({ path, reason: message })),
    job:
      latest === null
        ? null
        : {
            state: latest.state,
            done: latest.done,
            total: latest.total,
            imagesPerSecond: latest.imagesPerSecond,
            etaSeconds: latest.etaSeconds,
            device: latest.device,
            ...(latest.deviceNote === undefined ? {} : { deviceNote: latest.deviceNote }),
          },
  };
}

async function showStatus(context: CommandContext): Promise<void> {
  const { status, job } = await context.withEngine(
    async (engine) => {
      const latest = engine.jobs.list().find((each) => each.kind === "index") ?? null;
      return { status: await readStatus(engine, latest), job: latest };
    },
    { isReading: true, isEmptyAllowed: true },
  );
  context.output.result({ document: status, text: () => statusText(status, job) });
}

function statusText(status: IndexStatus, job: Job | null): string {
  const lines = [`${status.assets} pictures in ${status.files} files`];
  if (status.recipes.length > 0)
    lines.push(
      "",
      table(
        ["measured with", "model", "done", "of"],
        status.recipes.map((recipe) => [recipe.name, recipe.model ?? "", String(recipe.done), String(recipe.total)]),
      ),
    );
  lines.push(...status.recipes.flatMap(({ name, candidates }) => (candidates === undefined ? [] : [candidateText(name, candidates)])));
  if (job !== null) lines.push("", lastRunText(job));
  if (status.skipped.length > 0) lines.push("", `Skipped ${status.skipped.length}:`, ...status.skipped.map(skippedText));
  return lines.join("\n");
}

function lastRunText({ state, done, total, error }: Job): string {
  const reached = total === null ? "" : `, ${done} of ${total}`;
  return `Last run: ${state}${reached}${error === null ? "" : `. ${printable([error.message, error.hint].join(" "))}`}`;
}

/** Most reasons begin with the path; the others get it in front. */
function skippedText({ path, reason }: IndexStatus["skipped"][number]): string {
  return `  ${printable(reason.startsWith(path) ? reason : `${path}: ${reason}`)}`;
}

function summary(status: IndexStatus, job: Job): string {
  const { length } = status.skipped;
  const skipped = length === 0 ? "" : `\n${length} ${length === 1 ? "file is" : "files are"} skipped; \`semblance index status\` says why.`;
  if (job.total === 0 && status.files === 0)
    return "The library holds no pictures yet; add a folder of them with `semblance index add DIR`.";
  if (job.total === 0) return `Nothing to do: ${status.assets} pictures are measured.${skipped}`;
  const seconds = (Date.now() - job.startedMs) / 1000;
  const rate = (job.done / Math.max(seconds, 0.001)).toFixed(1);
  return `Went through ${job.done} of ${job.total ?? job.done} in ${durationText(seconds)}, ${rate} a second. The library holds ${status.assets} pictures.${skipped}`;
}
