/** @file The headless host: the same interface in a browser, over a loopback address with a one-time token. */
import { createInterface } from "node:readline";
import { Command, InvalidArgumentError } from "commander";
import { exitCodeOf, toAppError } from "#shared/domain/app-error";
import { deviceIds, deviceIdSchema } from "#shared/domain/device";
import { EngineHost } from "../../engine/engine-host";
import { AccessControl } from "./access-token";
import { forkEngine } from "./forked-engine";
import { startHttpServer } from "./http-server";
import { hasDisplay, openBrowser } from "./open-browser";

/** Tried first when no port is asked for, so that a bookmark and the page's own settings survive a restart. */
const preferredPort = 4370;

interface HeadlessOptions {
  readonly port?: number;
  readonly library?: string;
  readonly device?: string;
  readonly threads?: number;
  readonly open: boolean;
  readonly json: boolean;
  readonly readOnly: boolean;
}

function readOptions(): HeadlessOptions {
  return new Command("semblance serve")
    .description("Serves the interface on a loopback address.")
    .option("--port <number>", "port to listen on", portNumber)
    .option("--library <folder>", "where the index lives")
    .option("--device <name>", `one of ${deviceIds.join(", ")}`)
    .option("--threads <number>", "threads for inference on the processor", wholeNumber)
    .option("--open", "open the address in a browser", false)
    .option("--read-only", "look, but change nothing", false)
    .option("--json", "print the address as JSON", false)
    .parse()
    .opts<HeadlessOptions>();
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError("It takes a whole number.");
  return value;
}

function portNumber(text: string): number {
  const value = wholeNumber(text);
  if (value > 65_535) throw new InvalidArgumentError("A port is a number from 0 to 65535.");
  return value;
}

async function main(): Promise<void> {
  const options = readOptions();
  const access = new AccessControl();
  const device = options.device === undefined || options.device === "auto" ? null : deviceIdSchema.parse(options.device);
  const host = new EngineHost({
    spawn: forkEngine,
    init: { libraryPath: options.library ?? null, readOnly: options.readOnly, device, threads: options.threads ?? null, offline: true },
    onDown: (error, willRestart) => {
      process.stderr.write(`${error.message} ${willRestart ? "Starting it again." : (error.hint ?? "")}\n`);
      running?.server.emit("semblance:engine-down");
      if (!willRestart) process.exitCode = 4;
    },
    onUp: () => process.stderr.write("The engine is running again.\n"),
  });
  let running: Awaited<ReturnType<typeof startHttpServer>> | null = null;
  await host.start();
  running = await startOnPort(host, access, options.port);

  const freshAddress = (): string => `http://127.0.0.1:${running.port}/?token=${access.issueToken()}`;
  const address = freshAddress();
  process.stdout.write(options.json ? `${JSON.stringify({ address })}\n` : `Semblance is at ${address}\n`);
  if (!options.json) process.stdout.write("The address opens once. Press Enter for a fresh one, Ctrl-C to stop.\n");
  if (options.open && hasDisplay() && !(await openBrowser(address)))
    process.stderr.write("No browser could be opened; open the address yourself.\n");

  const stop = (): void => {
    running.server.close();
    void host.stop().then(() => process.exit(0));
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  if (process.stdin.isTTY && !options.json)
    createInterface({ input: process.stdin }).on("line", () => process.stdout.write(`${freshAddress()}\n`));
}

async function startOnPort(
  host: EngineHost,
  access: AccessControl,
  port: number | undefined,
): Promise<Awaited<ReturnType<typeof startHttpServer>>> {
  if (port !== undefined) return startHttpServer({ host, access, port });
  try {
    return await startHttpServer({ host, access, port: preferredPort });
  } catch {
    return startHttpServer({ host, access, port: 0 });
  }
}

main().catch((thrown: unknown) => {
  const error = toAppError(thrown);
  const exit = (): never => process.exit(exitCodeOf(error.code));
  if (process.argv.includes("--json")) process.stdout.write(`${JSON.stringify({ error: error.toShape() })}\n`, exit);
  else process.stderr.write(`${error.message}${error.hint ? ` ${error.hint}` : ""}\n`, exit);
});
