import { resolve } from "node:path";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "electron-vite";

const at = (path: string): string => resolve(import.meta.dirname, path);

/** One build makes every host: the Electron shell, the engine process both hosts start, the headless host and the command line. */
export default defineConfig({
  main: {
    build: {
      outDir: "out/main",
      target: "node20",
      sourcemap: true,
      externalizeDeps: true,
      rollupOptions: {
        input: {
          shell: at("src-main/apps/shell/main.ts"),
          headless: at("src-main/apps/headless/main.ts"),
          cli: at("src-main/apps/cli/main.ts"),
          "engine-process": at("src-main/engine/engine-process.ts"),
          "inference-worker": at("src-main/engine/inference/inference-worker.ts"),
        },
        output: { format: "es", entryFileNames: "[name].js", chunkFileNames: "chunks/[name]-[hash].js" },
      },
    },
  },
  preload: {
    build: {
      outDir: "out/preload",
      rollupOptions: {
        input: { preload: at("src-main/apps/preload/preload.ts") },
        output: { format: "cjs", entryFileNames: "[name].cjs" },
      },
    },
  },
  renderer: {
    root: "src-renderer",
    base: "./",
    plugins: [react(), tailwindcss()],
    build: { outDir: "out/renderer", rollupOptions: { input: at("src-renderer/index.html") } },
  },
});
