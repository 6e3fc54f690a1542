/** @file `semblance serve`: starts the headless host, a program of its own, and lives as long as it does. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { appError } from "#shared/domain/app-error";
import type { CommandContext, Run } from "../command-context";
import { parseCount } from "../common-options";

interface ServeOptions {
  readonly port?: number;
  readonly open?: boolean;
}

/** Adds the command to the program. */
export function addServeCommand(program: Command, run: Run): void {
  program
    .command("serve")
    .description("serve the interface on a loopback address and print the address, which opens once")
    .option("--port <n>", "port to listen on (default: any free one)", parsePort)
    .option("--open", "open the address in a browser")
    .action((options: ServeOptions, command: Command) => run(command, (context) => serve(context, options)));
}

function parsePort(text: string): number {
  const port = parseCount("--port", 0)(text);
  if (port > 65_535) throw appError("usage/invalid", `--port must be a number from 0 to 65535, not "${text}".`);
  return port;
}

/** Node's arguments for the headless host: the built file beside this program, or its source. */
function hostArguments(): readonly string[] {
  const built = ["./headless.js", "../headless.js"]
    .map((name) => fileURLToPath(new URL(name, import.meta.url)))
    .find((path) => existsSync(path));
  if (built !== undefined) return [built];
  return ["--import", "tsx", fileURLToPath(new URL("../../headless/main.ts", import.meta.url))];
}

async function serve({ common, signal }: CommandContext, options: ServeOptions): Promise<number> {
  const flags = [
    ...(options.port === undefined ? [] : ["--port", String(options.port)]),
    ...(options.open === true ? ["--open"] : []),
    ...(common.libraryPath === null ? [] : ["--library", common.libraryPath]),
    ...(common.device === null ? [] : ["--device", common.device]),
    ...(common.threads === null ? [] : ["--threads", String(common.threads)]),
    ...(common.isReadOnly ? ["--read-only"] : []),
    ...(common.isJson ? ["--json"] : []),
  ];
  const host = spawn(process.execPath, [...hostArguments(), ...flags], { stdio: "inherit" });
  const stop = (): void => void host.kill("SIGTERM");
  // Ctrl-C reaches the host by itself on a terminal; a signal to this process alone is passed on.
  signal.addEventListener("abort", stop, { once: true });
  process.once("SIGTERM", stop);
  return new Promise((resolve, reject) => {
    host.once("error", (cause) =>
      reject(appError("engine/unavailable", "The headless host could not be started.", { hint: "Run `npm ci` again.", cause })),
    );
    host.once("exit", (code) => resolve(signal.aborted ? 0 : (code ?? 0)));
  });
}
