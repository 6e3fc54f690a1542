/** @file `semblance index watch`: keeps running and takes up what changes. */
import type { Command } from "commander";
import { appError } from "#shared/domain/app-error";
import type { Engine } from "../../../engine/engine";
import type { FileChange } from "../../../engine/services/watch-service";
import type { RootId, WatchedRoot } from "#shared/domain/library";
import type { CommandContext, Run } from "../command-context";
import { parsePath, repeatable } from "../common-options";
import { printable } from "../output/table";
import { rootNamed } from "./index-move";
import { watchIndexRun } from "./index-run";

interface WatchOptions {
  readonly on?: readonly string[];
  readonly off?: readonly string[];
}

const words = { added: "New:", changed: "Changed:", removed: "Gone:", skipped: "Skipped:" } as const;

/** Adds the command to `index`. */
export function addWatchCommand(index: Command, run: Run): void {
  index
    .command("watch")
    .description("measure what is there, then everything that comes, until Ctrl-C")
    .option(
      "--on <dir...>",
      "only switch the watching of these folders on, here and in the app",
      repeatable(parsePath("The path of the folder")),
    )
    .option("--off <dir...>", "only switch it off", repeatable(parsePath("The path of the folder")))
    .action((options: WatchOptions, command: Command) =>
      run(command, (context) =>
        options.on === undefined && options.off === undefined ? watchFolders(context) : switchFolders(context, options),
      ),
    );
}

async function switchFolders(context: CommandContext, { on = [], off = [] }: WatchOptions): Promise<void> {
  const both = on.find((folder) => off.includes(folder));
  if (both !== undefined) throw appError("usage/invalid", `${both} is named by both --on and --off.`, { hint: "Name it once." });
  const rows = await context.withEngine(async (engine) => {
    const changes: { readonly id: RootId; readonly path: string; readonly watched: boolean }[] = [];
    for (const folder of [...on, ...off]) {
      const { id, path } = await rootNamed(engine, folder);
      changes.push({ id, path, watched: on.includes(folder) });
    }
    for (const { id, watched } of changes) await engine.watching.setWatched(id, watched);
    return changes.map(({ path, watched }) => ({ path, watched }));
  });
  context.output.result({
    document: rows,
    rows,
    text: () => rows.map(({ path, watched }) => `${printable(path)} is ${watched ? "watched" : "not watched any more"}.`).join("\n"),
  });
}

async function watchFolders(context: CommandContext): Promise<void> {
  await context.withEngine(async (engine) => {
    if (engine.store.isReadOnly)
      throw appError("library/read-only", "A library that is open read-only takes up no changes.", { hint: "Leave --read-only out." });
    const roots = await engine.watching.list();
    if (roots.length === 0)
      throw appError("usage/invalid", "The library has no folders to watch.", { hint: "Add one with `semblance index add DIR`." });
    const changes = engine.watching.events(context.signal);
    await watchIndexRun(context, engine);
    engine.watching.start();
    await tellModes(context, engine);
    for await (const { change, path, assetId } of changes) tellChange(context, { change, path, asset: assetId });
  });
  context.output.note("Stopped. What was taken up is kept.");
}

function tellChange(
  { output }: CommandContext,
  row: { readonly change: FileChange["change"]; readonly path: string; readonly asset: string | null },
): void {
  if (output.isJson) output.jsonLine(row);
  else output.result({ document: row, text: () => `${words[row.change]} ${printable(row.path)}` });
}

/** Says of each folder how its changes are noticed, once that is known. */
async function tellModes(context: CommandContext, engine: Engine): Promise<void> {
  const told = new Set<string>();
  const tell = (root: WatchedRoot): void => {
    told.add(root.id);
    if (root.watch.mode === "watching") context.output.note(`Watching ${printable(root.path)}`);
    else context.output.note(printable(root.watch.note ?? whyOff(root)));
  };
  const isOpen = (root: WatchedRoot): boolean => root.watch.mode === "off" && root.isWatched && root.isAvailable;
  while (!context.signal.aborted) {
    const roots = await engine.watching.list();
    for (const root of roots) if (!told.has(root.id) && !isOpen(root)) tell(root);
    if (told.size >= roots.length) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  context.output.note("Ctrl-C stops.");
}

function whyOff(root: WatchedRoot): string {
  return root.isAvailable
    ? `${root.path} is not watched: its switch is off.`
    : `${root.path} is not there; it is watched again once it is.`;
}
