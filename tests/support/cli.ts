/** @file Runs the command line: in this process, or as the built program. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runProgram } from "#main/apps/cli/program";

const root = fileURLToPath(new URL("../../", import.meta.url));

export interface CliRun {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
  /** stdout as one JSON document. */
  json<T>(): T;
  /** stdout as lines of JSON. */
  jsonLines<T>(): readonly T[];
}

/** What stdout holds with `--json` when a command fails. */
export interface ErrorDocument {
  readonly error: { readonly code: string; readonly message: string; readonly hint?: string };
}

/** Runs the command line in this process. */
export async function cli(...args: readonly string[]): Promise<CliRun> {
  return stoppableCli(new AbortController().signal, ...args);
}

/** The same with a Ctrl-C: `signal` is what the key does. */
export async function stoppableCli(signal: AbortSignal, ...args: readonly string[]): Promise<CliRun> {
  let out = "";
  let err = "";
  const streams = { out: { write: (text: string) => (out += text) }, err: { write: (text: string) => (err += text), isTTY: false } };
  const exitCode = await runProgram(args, { streams, signal });
  return {
    exitCode,
    out,
    err,
    json: <T>() => JSON.parse(out) as T,
    jsonLines: <T>() =>
      out
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as T),
  };
}

/** Starts the built program; call `ensureBuilt` first. */
export function startCli(...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [join(root, "out/main/cli.js"), ...args], { stdio: ["ignore", "pipe", "pipe"] });
}

/** Runs the built program to its end and answers its exit code. */
export async function runBuiltCli(...args: readonly string[]): Promise<number | null> {
  const child = startCli(...args);
  child.stdout?.resume();
  child.stderr?.resume();
  const [code] = (await once(child, "exit")) as [number | null];
  return code;
}
