import { cpSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { RawImage } from "../../platform/raw-image";
import { createInProcessInference, starterModelPath } from "./in-process-inference";
import type { InferenceService } from "./inference-service";

const image: RawImage = { width: 20, height: 20, data: new Uint8Array(3 * 20 * 20).fill(90) };
let folder: string;
let inference: InferenceService;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "semblance-model-"));
  cpSync(starterModelPath(), folder, { recursive: true });
  inference = createInProcessInference({ device: "cpu", threads: 1 });
});

afterEach(async () => {
  await inference.dispose();
  rmSync(folder, { recursive: true, force: true });
});

test("weights that were replaced are another model as soon as their model is opened again", async () => {
  const key = { metric: "starter-subject", modelPath: folder } as const;
  const recipe = await inference.openExtractor(key);
  expect(await inference.openExtractor(key)).toEqual(recipe);
  const weights = join(folder, "model.safetensors");
  const bytes = readFileSync(weights);
  const lowest = bytes.length - 4;
  bytes[lowest] = (bytes[lowest] ?? 0) ^ 1;
  writeFileSync(weights, bytes);
  utimesSync(weights, new Date(), new Date(Date.now() + 5000));
  const replaced = await inference.openExtractor(key);
  expect(replaced.modelSha256).not.toBe(recipe.modelSha256);
  expect(await inference.extract([key], image)).toHaveLength(1);
});

test("a metric without a model says so each time it is asked, and works once it is there", async () => {
  const key = { metric: "starter-style", modelPath: join(folder, "later") } as const;
  await expect(inference.openExtractor(key)).rejects.toMatchObject({ code: "checkpoint/not-found" });
  cpSync(starterModelPath(), key.modelPath, { recursive: true });
  expect(await inference.openExtractor(key)).toMatchObject({ metric: "starter-style" });
});
