/** @file Finds a Chromium for the interface tests: an installed browser, Playwright's download, or Debian's package. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);
const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "microsoft-edge"];
const macPaths = ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium"];
const downloadLimitMs = 180_000;

function installedBrowser() {
  const named = process.env["SEMBLANCE_CHROMIUM"];
  if (named && existsSync(named)) return named;
  for (const folder of (process.env["PATH"] ?? "").split(":")) {
    for (const name of names) if (existsSync(join(folder, name))) return join(folder, name);
  }
  return macPaths.find((path) => existsSync(path)) ?? null;
}

function playwrightBrowser() {
  const { chromium } = require("@playwright/test");
  return existsSync(chromium.executablePath()) ? chromium.executablePath() : null;
}

function downloadPlaywrightBrowser() {
  const cli = join(dirname(require.resolve("@playwright/test/package.json")), "cli.js");
  spawnSync(process.execPath, [cli, "install", "chromium"], { stdio: "ignore", timeout: downloadLimitMs });
  return playwrightBrowser();
}

function installDebianPackage() {
  if (!existsSync("/etc/debian_version") || process.getuid?.() !== 0) return null;
  const options = { stdio: "ignore", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  spawnSync("apt-get", ["update", "-qq"], options);
  spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], options);
  return installedBrowser();
}

/** Absolute path of a Chromium. Throws a sentence with the way out when there is none to be had. */
export function findChromium(say = () => undefined) {
  const there = installedBrowser() ?? playwrightBrowser();
  if (there) return there;
  say("No Chromium found; getting one ...");
  const isDebianRoot = existsSync("/etc/debian_version") && process.getuid?.() === 0;
  const gotten = isDebianRoot ? (installDebianPackage() ?? downloadPlaywrightBrowser()) : downloadPlaywrightBrowser();
  if (gotten) return gotten;
  throw new Error(
    "No Chromium could be found or installed. Install Chromium or Chrome, or name one in SEMBLANCE_CHROMIUM, and run the tests again.",
  );
}
