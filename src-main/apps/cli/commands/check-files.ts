/** @file The files of a check on the command line: the accepted copied, the rejected moved, and either taken back. */
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import type { CheckVerdict } from "#shared/domain/check";
import type { FileOrder, FilePlan, FileUndo } from "#shared/domain/split-files";
import type { Engine } from "../../../engine/engine";
import { checkDocument } from "../../../engine/report/check-document";
import type { FinishedCheck } from "../../../engine/report/finished-check";
import type { CommandContext, Run } from "../command-context";
import { parsePath } from "../common-options";
import { printable } from "../output/table";

export interface FileOptions {
  readonly copyAccepted?: string;
  readonly moveRejected?: string;
  readonly yes?: boolean;
  readonly number?: boolean;
}

/** As commander calls those that do something. */
export const fileOptionNames = ["copyAccepted", "moveRejected"] as const;

/** Declares the options, and `check undo`. */
export function addFileOptions(check: Command, run: Run): Command {
  check
    .command("undo")
    .description("take back the last copying or moving of files; what was changed since is left")
    .action((_options, command: Command) => run(command, undoLast));
  return check
    .addOption(new Option("--copy-accepted <dir>", "also copy the accepted into this folder").argParser(parsePath("--copy-accepted")))
    .addOption(
      new Option("--move-rejected <dir>", "list the rejected that would be moved into this folder; with --yes they are").argParser(
        parsePath("--move-rejected"),
      ),
    )
    .option("--yes", "really move")
    .option("--number", "number files whose name is taken; without it nothing is done while one is");
}

/** Whether files are copied or moved, which is written into the library to be taken back. */
export function changesFiles({ copyAccepted, moveRejected, yes = false }: FileOptions): boolean {
  return copyAccepted !== undefined || (moveRejected !== undefined && yes);
}

/** `isDone` is false for what was only listed. */
export interface FileReport extends FilePlan {
  readonly isDone: boolean;
}

/** Copies, then moves. @throws usage/invalid while names are taken, library/read-only, disk/... */
export async function carryOutFiles(
  context: CommandContext,
  engine: Engine,
  check: FinishedCheck,
  options: FileOptions,
): Promise<FileReport[]> {
  const { copyAccepted, moveRejected, yes = false, number = false } = options;
  const orders = [
    orderOf(check, { kind: "copy", verdict: "accepted", folder: copyAccepted, isNumbered: number }),
    orderOf(check, { kind: "move", verdict: "rejected", folder: moveRejected, isNumbered: number }),
  ];
  const reports: FileReport[] = [];
  for (const order of orders) {
    if (order === null) continue;
    const isDone = order.kind === "copy" || yes;
    const { plan } = isDone
      ? await engine.splitFiles.carryOut(order, context.signal)
      : { plan: await engine.splitFiles.plan(order, context.signal) };
    reports.push({ ...plan, isDone });
  }
  return reports;
}

interface Wish extends Pick<FileOrder, "kind" | "isNumbered"> {
  readonly verdict: CheckVerdict;
  readonly folder: string | undefined;
}

/** null where nothing was asked for, or no file has the verdict. */
function orderOf(check: FinishedCheck, { kind, verdict, folder, isNumbered }: Wish): FileOrder | null {
  if (folder === undefined) return null;
  const files = checkDocument(check).candidates.filter((candidate) => candidate.verdict === verdict);
  return files.length === 0
    ? null
    : { kind, folder: resolve(folder), isNumbered, files: files.map(({ assetId, path }) => ({ assetId, path })) };
}

/** What was done or would be, on several lines. */
export function filesText({ kind, folder, steps, conflicts, present, skipped, isDone }: FileReport): string {
  const verb = isDone ? (kind === "copy" ? "Copied" : "Moved") : "Would move";
  const there = present.length === 0 ? "" : `; ${present.length} lie there already`;
  return [
    `${verb} ${filesCount(steps.length)} to ${printable(folder)}${there}.`,
    ...(isDone ? [] : [...steps.map(({ from }) => `  ${printable(from)}`), "Nothing was moved yet: add --yes."]),
    ...(conflicts.length > 0 ? ["Names that are taken:", ...conflicts.map(reasonText)] : []),
    ...(skipped.length > 0 ? ["Left alone:", ...skipped.map(reasonText)] : []),
  ].join("\n");
}

async function undoLast(context: CommandContext): Promise<void> {
  const undo = await context.withEngine((engine) => engine.splitFiles.undo(null));
  context.output.result({ document: undo, rows: undo.undone, text: () => undoText(undo) });
}

function undoText({ kind, folder, undone, left }: FileUndo): string {
  const what =
    kind === "copy"
      ? `Removed ${filesCount(undone.length)} that had been copied to ${printable(folder)}.`
      : `Moved ${filesCount(undone.length)} back from ${printable(folder)}.`;
  return [what, ...(left.length > 0 ? ["Left alone:", ...left.map(reasonText)] : [])].join("\n");
}

function reasonText({ path, reason }: FilePlan["skipped"][number]): string {
  return `  ${printable(path)}: ${printable(reason)}`;
}

function filesCount(count: number): string {
  return `${count} ${count === 1 ? "file" : "files"}`;
}
