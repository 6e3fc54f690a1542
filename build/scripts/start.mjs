/** @file `npm start`: the app's window where Electron can run, else the same interface in the browser, saying why. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findElectron } from "./electron-binary.mjs";
import { ensureBuilt } from "./ensure-built.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const args = process.argv.slice(2);
const wantsBrowser = args.includes("--browser");
const say = (sentence) => process.stdout.write(`${sentence}\n`);

function hasDisplay() {
  return process.platform !== "linux" || Boolean(process.env["DISPLAY"] || process.env["WAYLAND_DISPLAY"]);
}

/** Why there will be no window, or the binary that opens one. */
async function chooseHost() {
  if (wantsBrowser) return { reason: "you asked for the browser" };
  if (!hasDisplay()) return { reason: "this session has no display" };
  return findElectron({ retry: args.includes("--retry"), say });
}

function run(command, commandArgs) {
  const child = spawn(command, commandArgs, { cwd: root, stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  child.once("exit", (code) => process.exit(code ?? 1));
}

try {
  ensureBuilt();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(4);
}
const host = await chooseHost();
if (host.binary) {
  run(host.binary, [root, ...args.filter((arg) => arg === "--read-only")]);
} else {
  say(`Opening in the browser instead of a window: ${host.reason}.`);
  const own = new Set(["--browser", "--retry"]);
  run(process.execPath, [join(root, "out", "main", "headless.js"), "--open", ...args.filter((arg) => !own.has(arg))]);
}
