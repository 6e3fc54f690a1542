#!/usr/bin/env node
/** @file The `semblance` command: from a checkout it builds itself when the build is missing or older than the sources, then runs. */
import { existsSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { join } from "node:path";

const root = fileURLToPath(new URL("..", import.meta.url));
const builder = join(root, "build", "scripts", "ensure-built.mjs");

try {
  if (existsSync(join(root, "src-main")) && existsSync(builder)) (await import(pathToFileURL(builder).href)).ensureBuilt();
  await import(pathToFileURL(join(root, "out", "main", "cli.js")).href);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 4;
}
