/** @file `semblance models ...`: the checkpoints the library knows. They stay where they are. */
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { Command } from "commander";
import { appError } from "#shared/domain/app-error";
import type { ModelCard } from "#shared/domain/model-card";
import type { ModelScanResult } from "../../../engine/services/model-service";
import type { CommandContext, Run } from "../command-context";
import { printable, table } from "../output/table";

/** Adds the model commands to the program. */
export function addModelsCommands(program: Command, run: Run): void {
  const models = program.command("models").description("the checkpoints the library knows");
  models
    .command("scan")
    .description("look for checkpoints in the usual places and in these folders")
    .argument("[dir...]", "folders")
    .action((folders: string[], _options, command: Command) => run(command, (context) => scan(context, folders)));
  models
    .command("add")
    .description("make a checkpoint known")
    .argument("<path>", "a model folder or a .safetensors file")
    .action((path: string, _options, command: Command) => run(command, (context) => add(context, path)));
  models
    .command("list")
    .description("what is known, and which metrics it enables")
    .action((_options, command: Command) => run(command, list));
  models
    .command("verify")
    .description("compare a checkpoint's weights with what they were when it was added")
    .argument("<name>", "name of a model")
    .action((name: string, _options, command: Command) => run(command, (context) => verify(context, name)));
  models
    .command("remove")
    .description("forget a checkpoint; its files stay untouched")
    .argument("<name>", "name of a model")
    .action((name: string, _options, command: Command) => run(command, (context) => remove(context, name)));
}

function cardRow({ name, family, path, sha256, layout, precision, enables, missing }: ModelCard): object {
  return { name, family, path, sha256, layout, precision, enables, missing };
}

function cardTable(cards: readonly ModelCard[]): string {
  return table(
    ["name", "family", "enables", "missing"],
    cards.map((card) => [card.name, card.family, card.enables.join(" ") || "nothing", card.missing.join(" ") || "-"]),
  );
}

async function scan(context: CommandContext, folders: readonly string[]): Promise<void> {
  for (const folder of folders) await assertFolder(resolve(folder));
  const found = await context.withEngine((engine) =>
    engine.models.scan(
      folders.map((folder) => resolve(folder)),
      context.signal,
    ),
  );
  context.output.result({
    document: { models: found.models.map(cardRow), refused: found.refused, places: found.places, milliseconds: found.milliseconds },
    rows: found.models.map(cardRow),
    text: () => scanText(found),
  });
}

async function assertFolder(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory() === true) return;
  const what = found === null ? "does not exist" : "is a file, not a folder";
  throw appError("checkpoint/not-found", `${path} ${what}.`, {
    hint: "Give a folder to look in; one model is added with `semblance models add PATH`.",
  });
}

function scanText({ models, refused, places }: ModelScanResult): string {
  const lines = [models.length === 0 ? `No models found${placesText(places)}` : cardTable(models)];
  if (refused.length > 0)
    lines.push("", "Not usable:", ...refused.map((each) => `  ${printable(each.path)}\n    ${printable(each.message)}`));
  return lines.join("\n");
}

function placesText(places: number): string {
  if (places === 0) return ": none of the usual places is on this machine. Name a folder: `semblance models scan DIR`.";
  return ` in ${places} ${places === 1 ? "place" : "places"}.`;
}

async function add(context: CommandContext, path: string): Promise<void> {
  const card = await context.withEngine((engine) => engine.models.add(resolve(path)));
  context.output.result({ document: cardRow(card), text: () => cardTable([card]) });
}

async function list(context: CommandContext): Promise<void> {
  const cards = await context.withEngine((engine) => engine.models.list(), { isReading: true, isEmptyAllowed: true });
  context.output.result({ document: cards.map(cardRow), rows: cards.map(cardRow), text: () => cardTable(cards) });
}

async function verify(context: CommandContext, name: string): Promise<number> {
  const result = await context.withEngine((engine) => engine.models.verify(name), { isReading: true });
  context.output.result({ document: result, text: () => `${result.name}: ${result.message}\nsha256 ${result.sha256}` });
  return result.ok ? 0 : 1;
}

async function remove(context: CommandContext, name: string): Promise<void> {
  await context.withEngine((engine) => engine.models.remove(name));
  context.output.result({ document: { removed: name }, text: () => `Forgot ${name}; its files stay where they are.` });
}
