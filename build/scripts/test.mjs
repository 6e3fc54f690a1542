/** @file `npm test`: every check, the cheap ones first, and one closing line with the count. `--only name,name` runs some. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureBuilt } from "./ensure-built.mjs";
import { findChromium } from "./find-chromium.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const reports = mkdtempSync(join(tmpdir(), "semblance-tests-"));
const bin = (name) => join(root, "node_modules", ".bin", name);

/** Runs a command; its exit status is the result of a check without a count of its own. */
function command(name, args, env = {}) {
  const result = spawnSync(bin(name), args, { cwd: root, stdio: "inherit", env: { ...process.env, ...env } });
  return result.status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

function vitest(project) {
  const report = join(reports, `${project}.json`);
  const { failed: crashed } = command("vitest", [
    "run",
    "--project",
    project,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ]);
  return countVitest(report, crashed);
}

function countVitest(report, crashed) {
  try {
    const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(report, "utf8"));
    const failed = Math.max(numFailedTests, numFailedTestSuites > 0 ? 1 : 0, crashed);
    return { passed: numPassedTests, failed };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

function endToEnd() {
  const report = join(reports, "e2e.json");
  const chromium = findChromium((sentence) => process.stderr.write(`${sentence}\n`));
  const { failed: crashed } = command("playwright", ["test", "--config", "tests/e2e/playwright.config.ts"], {
    SEMBLANCE_CHROMIUM: chromium,
    PLAYWRIGHT_JSON_OUTPUT_FILE: report,
  });
  try {
    const { stats } = JSON.parse(readFileSync(report, "utf8"));
    return { passed: stats.expected + stats.flaky, failed: Math.max(stats.unexpected, crashed) };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

function build() {
  ensureBuilt();
  return { passed: 1, failed: 0 };
}

const projects = ["shared", "main", "shell", "renderer", "tests"];
const steps = {
  format: () => command("prettier", ["--check", "--log-level", "warn", "."]),
  lint: () => command("oxlint", ["--type-aware", "--deny-warnings"]),
  types: () => projects.map((project) => command("tsc", ["-p", `tsconfig.${project}.json`])).reduce(add),
  boundaries: () => command("depcruise", ["src-main", "src-shared", "src-renderer", "--config", ".dependency-cruiser.cjs"]),
  unused: () => command("knip", []),
  unit: () => vitest("unit"),
  renderer: () => vitest("renderer"),
  golden: () => vitest("golden"),
  build,
  integration: () => vitest("integration"),
  e2e: endToEnd,
};

function add(a, b) {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed };
}

const onlyAt = process.argv.indexOf("--only");
const chosen = onlyAt === -1 ? Object.keys(steps) : (process.argv[onlyAt + 1] ?? "").split(",");
let total = { passed: 0, failed: 0 };
const failures = [];
for (const name of chosen) {
  const step = steps[name];
  if (!step) throw new Error(`There is no check called ${name}; there are ${Object.keys(steps).join(", ")}.`);
  const started = Date.now();
  process.stdout.write(`\n=== ${name}\n`);
  let result;
  try {
    result = step();
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    result = { passed: 0, failed: 1 };
  }
  if (result.failed > 0) failures.push(name);
  total = add(total, result);
  process.stdout.write(`=== ${name}: ${result.failed === 0 ? "ok" : "FAILED"} in ${((Date.now() - started) / 1000).toFixed(1)} s\n`);
}
rmSync(reports, { recursive: true, force: true });
if (failures.length > 0) process.stdout.write(`\nFailed: ${failures.join(", ")}\n`);
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed\n`);
process.exit(total.failed === 0 ? 0 : 1);
