/** @file Finds Electron's binary, or tries once to fetch it; a failed try is remembered for this version. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);
const fetchLimitMs = 45_000;

function paths() {
  const folder = dirname(require.resolve("electron/package.json"));
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return { folder, version, memory: join(folder, "..", ".cache", "semblance-electron.json") };
}

function installed(folder) {
  try {
    const binary = join(process.env["ELECTRON_OVERRIDE_DIST_PATH"] ?? join(folder, "dist"), readFileSync(join(folder, "path.txt"), "utf8"));
    return existsSync(binary) ? binary : null;
  } catch {
    return null;
  }
}

/**
 * Resolves to `{ binary }`, or to `{ reason }` in words for the person.
 * `retry` forgets that an earlier fetch failed.
 */
export async function findElectron({ retry = false, say }) {
  let place;
  try {
    place = paths();
  } catch {
    return { reason: "Electron is not among the installed packages" };
  }
  const there = installed(place.folder);
  if (there) return { binary: there };
  if (!retry && existsSync(place.memory) && JSON.parse(readFileSync(place.memory, "utf8")).version === place.version) {
    return { reason: "its binary could not be fetched earlier (`npm start -- --retry` tries again)" };
  }
  say(`Fetching Electron ${place.version} once (up to ${fetchLimitMs / 1000} seconds) ...`);
  await fetchBinary(place.folder);
  const fetched = installed(place.folder);
  if (fetched) return { binary: fetched };
  mkdirSync(dirname(place.memory), { recursive: true });
  writeFileSync(place.memory, JSON.stringify({ version: place.version }));
  return { reason: "its binary could not be fetched" };
}

function fetchBinary(folder) {
  return new Promise((resolve) => {
    const installer = spawn(process.execPath, [join(folder, "install.js")], { stdio: "ignore" });
    const timer = setTimeout(() => installer.kill("SIGKILL"), fetchLimitMs);
    installer.once("exit", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
