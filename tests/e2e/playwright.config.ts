import { availableParallelism } from "node:os";
import { defineConfig } from "@playwright/test";

/** The interface in Chromium on the headless host. Every test has a library of its own, so files run side by side; each needs about two cores. */
export default defineConfig({
  testDir: "./specs",
  outputDir: "../../test-results",
  workers: Math.max(1, Math.floor(availableParallelism() / 2)),
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [["list"], ["json"]],
  use: {
    viewport: { width: 1440, height: 900 },
    colorScheme: "dark",
    trace: "retain-on-failure",
    actionTimeout: 20_000,
    launchOptions: {
      ...(process.env["SEMBLANCE_CHROMIUM"] ? { executablePath: process.env["SEMBLANCE_CHROMIUM"] } : {}),
      // Without a graphics card an emulated one costs a fifth of the run.
      args: ["--disable-gpu", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
    },
  },
});
