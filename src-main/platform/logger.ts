/** @file The program's log: one file per process under the library, warnings and worse. The only door to pino. */
import { mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "pino";
import { destination, pino } from "pino";

export type { Logger } from "pino";

const keptBytes = 5_000_000;

export interface LoggerOptions {
  /** null: nothing is written (tests, read-only libraries). */
  readonly libraryPath: string | null;
  /** Names the file: "engine", "host". */
  readonly processName: string;
  readonly level?: "debug" | "info" | "warn" | "error";
}

/** Opens the log `logs/<processName>.log`, keeping one predecessor once it has grown. A log that cannot be opened is silent: it must not stop work. */
export function openLogger({ libraryPath, processName, level = "warn" }: LoggerOptions): Logger {
  if (libraryPath === null) return pino({ level: "silent" });
  try {
    const path = join(libraryPath, "logs", `${processName}.log`);
    mkdirSync(join(libraryPath, "logs"), { recursive: true });
    makeRoom(path);
    return pino({ level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime }, destination({ dest: path, sync: true }));
  } catch {
    return pino({ level: "silent" });
  }
}

function makeRoom(path: string): void {
  const sizeBytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (sizeBytes < keptBytes) return;
  rmSync(`${path}.1`, { force: true });
  renameSync(path, `${path}.1`);
}
