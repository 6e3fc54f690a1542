/** @file `semblance index move`: a folder of the library that lies somewhere else now. */
import { resolve } from "node:path";
import type { Command } from "commander";
import { appError } from "#shared/domain/app-error";
import type { LibraryRoot } from "#shared/domain/library";
import type { Engine } from "../../../engine/engine";
import type { CommandContext, Run } from "../command-context";
import { parsePath } from "../common-options";
import { printable } from "../output/table";

/** Adds the command to `index`. */
export function addMoveCommand(index: Command, run: Run): void {
  index
    .command("move")
    .description("say that a folder of the library lies somewhere else now; nothing is measured again")
    .argument("<old>", "the folder as `index list` shows it", parsePath("The path of the folder"))
    .argument("<new>", "where it is now", parsePath("The path of the folder"))
    .action((from: string, to: string, _options, command: Command) => run(command, (context) => moveFolder(context, from, to)));
}

/** The root whose folder a person named. @throws root/not-found */
export async function rootNamed(engine: Engine, folder: string): Promise<LibraryRoot> {
  const root = (await engine.store.roots.list()).find((candidate) => candidate.path === resolve(folder) || candidate.path === folder);
  if (root === undefined)
    throw appError("root/not-found", `${resolve(folder)} is not a folder of the library.`, { hint: "`semblance index list` shows them." });
  return root;
}

async function moveFolder(context: CommandContext, from: string, to: string): Promise<void> {
  const moved = await context.withEngine(async (engine) => {
    const { root, found, checked } = await engine.library.relocateRoot((await rootNamed(engine, from)).id, to);
    return { from: resolve(from), path: root.path, files: root.fileCount, found, checked };
  });
  context.output.result({
    document: moved,
    text: () =>
      `${printable(moved.from)} is ${printable(moved.path)} now: ${moved.found} of ${moved.checked} files looked for are there, and all ${moved.files} keep what is known about them.\n` +
      "Run `semblance index run` to take up what changed there since.",
  });
}
