import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** Three projects: fast unit tests beside the sources, golden tests, and integration + architecture tests that start real hosts. */
export default defineConfig({
  test: {
    // One core is left free by default, which is half of a machine with two.
    maxWorkers: availableParallelism(),
    projects: [
      {
        test: {
          name: "unit",
          include: ["src-shared/**/*.test.ts", "src-main/**/*.test.ts"],
          environment: "node",
          // Unit tests leave nothing behind, so files of one worker share the modules they load: half of the time is spared.
          isolate: false,
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: "renderer",
          include: ["src-renderer/**/*.test.ts", "src-renderer/**/*.test.tsx"],
          environment: "happy-dom",
          testTimeout: 30_000,
        },
      },
      {
        test: { name: "golden", include: ["tests/golden/**/*.test.ts"], environment: "node", testTimeout: 180_000 },
      },
      {
        test: {
          name: "integration",
          include: ["tests/integration/**/*.test.ts", "tests/architecture/**/*.test.ts"],
          environment: "node",
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
