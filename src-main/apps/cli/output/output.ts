/** @file What a command says and where: results on stdout, progress and warnings on stderr. */
import { type AppError, exitCodeOf } from "#shared/domain/app-error";
import type { CommonOptions } from "../common-options";
import { createProgressLine, type ProgressLine } from "./progress-line";
import { printable } from "./table";

export interface Output {
  readonly isJson: boolean;
  /** Prints the answer: `document` with --json, its `rows` with --jsonl, else `text`. */
  result(answer: { readonly document: unknown; readonly rows?: readonly unknown[]; readonly text: () => string }): void;
  /** One line of JSON, for commands that answer while they run. */
  jsonLine(row: unknown): void;
  /** A line for the person on stderr; silent with --quiet. */
  note(line: string): void;
  readonly progress: ProgressLine;
}

/** Writers, so that tests can listen. */
export interface Streams {
  readonly out: { write(text: string): unknown };
  readonly err: { write(text: string): unknown; readonly isTTY?: boolean };
}

/** Creates the output of one command. */
export function createOutput(options: Pick<CommonOptions, "isJson" | "isJsonLines" | "isQuiet">, streams: Streams): Output {
  const progress = createProgressLine(streams.err, options.isQuiet);
  return {
    isJson: options.isJson,
    progress,
    result({ document, rows, text }) {
      progress.clear();
      if (options.isJsonLines) for (const row of rows ?? [document]) streams.out.write(`${JSON.stringify(row)}\n`);
      else if (options.isJson) streams.out.write(`${JSON.stringify(document, null, 2)}\n`);
      else streams.out.write(`${text()}\n`);
    },
    jsonLine: (row) => streams.out.write(`${JSON.stringify(row)}\n`),
    note(line) {
      progress.clear();
      if (!options.isQuiet) streams.err.write(`${line}\n`);
    },
  };
}

/** Tells an error: with JSON as a document on stdout, else one sentence and what to do. Returns the exit code. */
export function tellError(error: AppError, options: { readonly isJson: boolean; readonly isVerbose: boolean }, streams: Streams): number {
  if (options.isJson) streams.out.write(`${JSON.stringify({ error: error.toShape() })}\n`);
  else {
    streams.err.write(`${printable(error.message)}\n`);
    if (error.hint !== undefined) streams.err.write(`${printable(error.hint)}\n`);
  }
  if (options.isVerbose) streams.err.write(`${stackOf(error)}\n`);
  return exitCodeOf(error.code);
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${stackOf(error.cause)}` : "";
  return `${error.stack ?? error.message}${cause}`;
}
