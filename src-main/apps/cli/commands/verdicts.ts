/** @file `semblance verdicts`: what a person decided about candidates by hand, and the judgements that follow from it. */
import { resolve } from "node:path";
import { Argument, type Command, Option } from "commander";
import { appError } from "#shared/domain/app-error";
import type { AssetId } from "#shared/domain/asset";
import { type CheckVerdict, checkVerdictSchema } from "#shared/domain/check";
import type { Verdict } from "#shared/domain/verdict";
import type { Engine } from "../../../engine/engine";
import { listPictures } from "../../../engine/services/picture-listing";
import { writeVerdictTriplets } from "../../../engine/services/verdict-triplets";
import { assertOutputFile } from "../../../platform/output-file";
import type { CommandContext, Run } from "../command-context";
import { parseCount } from "../common-options";
import { table } from "../output/table";

const usualLimit = 2000;

/** Adds the commands to the program. */
export function addVerdictsCommands(program: Command, run: Run): void {
  const group = program
    .command("verdicts")
    .description("what you decided about candidates by hand; the cut-offs of a check never overrule it");
  group
    .command("list")
    .description("print the verdicts, the newest first")
    .addOption(referencesOption("only those that hold for a check against these pictures"))
    .action((options: ReferencesOption, command: Command) => run(command, (context) => listVerdicts(context, options)));
  group
    .command("set")
    .description("decide on pictures, for every check that shares a reference")
    .addArgument(new Argument("<verdict>", "none leaves them to the cut-offs again").choices([...checkVerdictSchema.options, "none"]))
    .argument("<path...>", "the pictures, or folders of them")
    .addOption(referencesOption("the pictures they are judged by, or folders of them").makeOptionMandatory())
    .action((verdict: CheckVerdict | "none", images: string[], options: Required<ReferencesOption>, command: Command) =>
      run(command, (context) => setVerdicts(context, images, { ...options, verdict: verdict === "none" ? null : verdict })),
    );
  group
    .command("export")
    .description(
      "write judgements for `semblance tune` and `semblance bench --triplets`: accepted pictures are nearer to a reference than rejected ones",
    )
    .argument("<out.csv>", "the file")
    .option("--limit <n>", "at most so many, drawn evenly from the sets of references", parseCount("--limit"), usualLimit)
    .option("--seed <n>", "decides which are drawn", parseCount("--seed", 0), 1)
    .action((out: string, options: { readonly limit: number; readonly seed: number }, command: Command) =>
      run(command, (context) => exportVerdicts(context, out, options)),
    );
  group
    .command("clear")
    .description("forget verdicts for good")
    .addOption(referencesOption("those against any of these pictures").conflicts("all"))
    .option("--all", "all verdicts of the library")
    .action((options: ReferencesOption & { readonly all?: boolean }, command: Command) =>
      run(command, (context) => clearVerdicts(context, options)),
    );
}

interface ReferencesOption {
  readonly references?: readonly string[];
}

const referencesOption = (description: string): Option => new Option("--references <path...>", description);

/** Pictures from outside are kept in the library like those of a search, so that judgements can be made of them later. */
async function idsOf({ signal }: CommandContext, engine: Engine, inputs: readonly string[]): Promise<AssetId[]> {
  const { paths } = await listPictures(inputs, signal);
  if (paths.length === 0)
    throw appError("usage/invalid", `There are no pictures in ${inputs.map((path) => resolve(path)).join(" or ")}.`, {
      hint: "Name pictures, or folders that hold some.",
    });
  const ids = new Set<AssetId>();
  for (const path of paths) ids.add((await engine.library.picture(path)).id);
  return [...ids];
}

/** Where a picture lies, or its id where it is gone. */
async function placeOf({ store }: Engine, id: AssetId): Promise<string> {
  return store.assets.get(id)?.files[0]?.path ?? (await store.outside.path(id)) ?? id;
}

async function listVerdicts(context: CommandContext, { references }: ReferencesOption): Promise<void> {
  await context.withEngine(
    async (engine) => {
      const asked = references === undefined ? null : await idsOf(context, engine, references);
      const sets = asked === null ? engine.store.verdicts.sets() : [{ references: asked, verdicts: engine.verdicts.list(asked) }];
      const rows: VerdictRow[] = [];
      for (const set of sets) {
        const against: string[] = [];
        for (const id of set.references) against.push(await placeOf(engine, id));
        for (const verdict of set.verdicts)
          if (verdict.verdict !== null)
            rows.push(rowOf({ ...verdict, verdict: verdict.verdict }, await placeOf(engine, verdict.assetId), against));
      }
      rows.sort((one, other) => (one.decidedAt < other.decidedAt ? 1 : -1));
      context.output.result({ document: { verdicts: rows }, rows, text: () => verdictsText(rows) });
    },
    { isReading: true },
  );
}

type VerdictRow = ReturnType<typeof rowOf>;

/** One verdict as it is printed; `references` are those that were asked for, else those it was made against. */
function rowOf({ assetId, verdict, measures, atMs }: Verdict, path: string, references: readonly string[]) {
  return { path, assetId, verdict, measures, references, decidedAt: new Date(atMs).toISOString() };
}

function verdictsText(rows: readonly VerdictRow[]): string {
  if (rows.length === 0) return "Nothing was decided by hand.";
  return table(
    ["verdict", "decided", "references", "file"],
    rows.map(({ verdict, decidedAt, references, path }) => [
      verdict,
      decidedAt.slice(0, 16).replace("T", " "),
      String(references.length),
      path,
    ]),
  );
}

interface SetVerdicts extends Required<ReferencesOption> {
  readonly verdict: CheckVerdict | null;
}

async function setVerdicts(context: CommandContext, images: readonly string[], { references, verdict }: SetVerdicts): Promise<void> {
  await context.withEngine(async (engine) => {
    const ids = await idsOf(context, engine, references);
    const judgedBy = new Set(ids);
    const assetIds = (await idsOf(context, engine, images)).filter((id) => !judgedBy.has(id));
    if (assetIds.length === 0)
      throw appError("usage/invalid", "A reference is what others are judged by, and has no verdict of its own.", {
        hint: "Name pictures whose bytes differ from those of the references.",
      });
    await engine.verdicts.set({ references: ids, assetIds, verdict, measures: [] });
    const pictures = `${assetIds.length} ${assetIds.length === 1 ? "picture is" : "pictures are"}`;
    context.output.result({
      document: { assetIds, verdict },
      text: () => (verdict === null ? `${pictures} left to the cut-offs.` : `${pictures} ${verdict}.`),
    });
  });
}

async function exportVerdicts(
  context: CommandContext,
  out: string,
  draw: { readonly limit: number; readonly seed: number },
): Promise<void> {
  const file = resolve(out);
  await assertOutputFile(file, ".csv");
  await context.withEngine(
    async (engine) => {
      const written = await writeVerdictTriplets(engine, { ...draw, file });
      const { triplets, possible, missing } = written;
      if (missing > 0) context.output.note(`${missing} pictures are no longer where they were and were left out.`);
      context.output.result({ document: written, text: () => `Wrote ${triplets} of ${possible} judgements to ${file}.` });
    },
    { isReading: true },
  );
}

async function clearVerdicts(context: CommandContext, { references, all }: ReferencesOption & { readonly all?: boolean }): Promise<void> {
  if (references === undefined && all !== true)
    throw appError("usage/invalid", "It is not said which verdicts are forgotten.", { hint: "Give --references PATH..., or --all." });
  await context.withEngine(async (engine) => {
    const cleared = await engine.verdicts.clear(references === undefined ? null : await idsOf(context, engine, references));
    context.output.result({ document: { cleared }, text: () => `${cleared} ${cleared === 1 ? "verdict" : "verdicts"} forgotten.` });
  });
}
