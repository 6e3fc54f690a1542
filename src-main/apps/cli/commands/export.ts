/** @file `semblance export ...`: what the library knows, for other programs. */
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { appError } from "#shared/domain/app-error";
import { exportSidecars, type SidecarReport } from "../../../engine/services/export-service";
import { pictureCsv, pictureTable } from "../../../engine/services/export-table";
import type { CommandContext, Run } from "../command-context";
import { parsePath } from "../common-options";
import { printable } from "../output/table";
import { whereOption } from "../where-option";

interface XmpOptions {
  readonly where?: string;
  readonly out?: string;
  readonly beside?: boolean;
  readonly dryRun?: boolean;
}

/** Adds the commands to the program. */
export function addExportCommands(program: Command, run: Run): void {
  const group = program.command("export").description("what the library knows, for other programs");
  group
    .command("xmp")
    .description("write tags, stars, picked and rejected as XMP sidecars; pictures and foreign sidecars are never touched")
    .addOption(whereOption())
    .addOption(
      new Option("--out <dir>", "into this folder, which repeats the folders of the library")
        .argParser(parsePath("--out"))
        .conflicts("beside"),
    )
    .option("--beside", "beside the pictures")
    .option("--dry-run", "only say what would be written")
    .action((options: XmpOptions, command: Command) => run(command, (context) => exportXmp(context, options)));
  group
    .command("list")
    .description("print pictures with tags, stars, and how they were generated and taken: as CSV, or with --json")
    .addOption(whereOption())
    .action(({ where }: { where?: string }, command: Command) => run(command, (context) => exportList(context, where ?? null)));
}

async function exportList(context: CommandContext, where: string | null): Promise<void> {
  await context.withEngine(
    async ({ store }) => {
      const rows = await pictureTable(store, where);
      context.output.result({ document: rows, rows, text: () => pictureCsv(rows).trimEnd() });
    },
    { isReading: true },
  );
}

async function exportXmp(context: CommandContext, options: XmpOptions): Promise<void> {
  if (options.out === undefined && options.beside !== true)
    throw appError("usage/invalid", "It is not said where the sidecars go.", {
      hint: "Give --out DIR, or --beside for beside the pictures.",
    });
  const request = {
    where: options.where ?? null,
    folder: options.out === undefined ? null : resolve(options.out),
    isDryRun: options.dryRun ?? false,
  };
  await context.withEngine(
    async ({ store }) => {
      const report = await exportSidecars(store, request, context.signal);
      context.output.result({ document: { ...report, dryRun: request.isDryRun }, text: () => reportText(report, request.isDryRun) });
    },
    { isReading: true },
  );
}

function reportText({ written, unchanged, skipped }: SidecarReport, isDryRun: boolean): string {
  const count = (number: number): string => `${number} ${number === 1 ? "sidecar" : "sidecars"}`;
  const lines = [`${isDryRun ? "Would write" : "Wrote"} ${count(written.length)}; ${unchanged} said it already.`];
  if (isDryRun) lines.push(...written.map((path) => `  ${printable(path)}`));
  if (skipped.length > 0) lines.push(`Skipped ${skipped.length}:`, ...skipped.map(({ path, reason }) => `  ${printable(path)}: ${reason}`));
  return lines.join("\n");
}
