import { defineConfig } from "@playwright/test";

/** The interface in Chromium on the headless host. Every test has a library of its own, so files may run side by side; two cores run one at a time. */
export default defineConfig({
  testDir: "./specs",
  outputDir: "../../test-results",
  workers: 1,
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [["list"], ["json"]],
  use: {
    viewport: { width: 1440, height: 900 },
    colorScheme: "dark",
    // Moving pictures of every test would take a third of the time of the run.
    trace: { mode: "retain-on-failure", screenshots: false },
    actionTimeout: 20_000,
    launchOptions: {
      ...(process.env["SEMBLANCE_CHROMIUM"] ? { executablePath: process.env["SEMBLANCE_CHROMIUM"] } : {}),
      // Without a graphics card an emulated one costs a fifth of the run.
      args: ["--disable-gpu", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
    },
  },
});
