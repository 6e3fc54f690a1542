/** @file The files a check is written to: for people, for spreadsheets, for programs. */
import { resolve } from "node:path";
import type { Command } from "commander";
import { appError } from "#shared/domain/app-error";
import type { ReportFormat } from "#shared/domain/check-report";
import type { Engine } from "../../../engine/engine";
import { checkDocument } from "../../../engine/report/check-document";
import type { FinishedCheck } from "../../../engine/report/finished-check";
import { writeFileAtomic } from "../../../platform/atomic-file";
import { assertOutputFile } from "../../../platform/output-file";
import { parsePath } from "../common-options";

export interface ReportOptions {
  readonly report?: string;
  readonly csv?: string;
  readonly jsonOut?: string;
  readonly sheet?: string;
  readonly listAccepted?: string;
  readonly title?: string;
}

const formats: readonly {
  readonly option: "report" | "csv" | "jsonOut" | "sheet";
  readonly format: ReportFormat;
  readonly extension: string;
}[] = [
  { option: "report", format: "html", extension: ".html" },
  { option: "csv", format: "csv", extension: ".csv" },
  { option: "jsonOut", format: "json", extension: ".json" },
  { option: "sheet", format: "sheet", extension: ".png" },
];

/** As commander calls them. */
export const reportOptionNames = [...formats.map(({ option }) => option), "listAccepted"];

/** Declares the options. */
export function addReportOptions(command: Command): Command {
  return command
    .option("--report <html>", "also write one page with pictures, charts and the recipe, that needs no network", parsePath("--report"))
    .option("--csv <file>", "also write a table with every score", parsePath("--csv"))
    .option("--json-out <file>", "also write what --json prints", parsePath("--json-out"))
    .option("--sheet <png>", "also draw the candidates with their verdicts on a sheet", parsePath("--sheet"))
    .option("--list-accepted <file>", "also write the paths of the accepted, one a line", parsePath("--list-accepted"))
    .option("--title <text>", "what the page and the sheet are called", "Consistency check");
}

/** Refuses files that cannot be written before anything is measured. @throws usage/invalid, disk/read-only */
export async function assertReports(options: ReportOptions): Promise<void> {
  for (const { option, extension } of formats) {
    const path = options[option];
    if (path !== undefined) await assertOutputFile(resolve(path), extension);
  }
  if (options.listAccepted !== undefined) await assertOutputFile(resolve(options.listAccepted));
}

/** Writes what is asked for and answers the paths. @throws disk/... */
export async function writeReports({ reports }: Engine, check: FinishedCheck, options: ReportOptions): Promise<readonly string[]> {
  const written: string[] = [];
  const put = async (path: string, content: Uint8Array | string): Promise<void> => {
    await writeFileAtomic(path, content);
    written.push(path);
  };
  for (const { option, format } of formats) {
    const path = options[option];
    if (path === undefined) continue;
    const { content, encoding } = await reports.write(check, { format, title: options.title ?? "" });
    await put(resolve(path), encoding === "utf8" ? content : Buffer.from(content, encoding));
  }
  if (options.listAccepted !== undefined) await put(resolve(options.listAccepted), acceptedList(check));
  return written;
}

function acceptedList(check: FinishedCheck): string {
  const paths = checkDocument(check).candidates.flatMap(({ verdict, path }) => (verdict === "accepted" ? [path] : []));
  const broken = paths.find((path) => /[\r\n]/.test(path));
  if (broken === undefined) return paths.map((path) => `${path}\n`).join("");
  throw appError("usage/invalid", `${broken} has a line break in its name and cannot stand in a list of one path a line.`, {
    hint: "Rename it, or use --csv.",
  });
}
