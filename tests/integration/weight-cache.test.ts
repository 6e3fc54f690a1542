/** @file Float32 copies of half precision weights: the same scores, made once, made again when damaged, and never in the way. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createInProcessInference } from "#main/engine/inference/in-process-inference";
import type { ComparePairRequest, InferenceService } from "#main/engine/inference/inference-service";
import type { MetricName } from "#shared/domain/feature-recipe";
import type { RawImage } from "#main/platform/raw-image";
import { folderState } from "../support/folder-state";
import { goldenPair } from "../support/golden-vision";
import { goldenCheckpoint } from "../support/goldens";
import { scratchFolder } from "../support/scratch-folder";

const scratch = scratchFolder();
const cpu = { device: "cpu", threads: 1 } as const;
const small = { size: 64, seed: 7, prompt: "a red circle" };
const plain = createInProcessInference(cpu);
const opened: InferenceService[] = [plain];
let pictures: readonly [RawImage, RawImage];
beforeAll(async () => {
  pictures = await goldenPair(["sd-shapes.png", "sd-strokes.png"]);
});
afterAll(async () => {
  for (const inference of opened) await inference.dispose();
});

/** Models whose weights are copied to `folder`, however small. */
function copying(folder: string): InferenceService {
  const inference = createInProcessInference({ ...cpu, weightCopies: { folder, minBytes: 0 } });
  opened.push(inference);
  return inference;
}

async function scoreOf(
  inference: InferenceService,
  modelPath: string,
  { metric = "diffsim-s", options = {} }: { readonly metric?: MetricName; readonly options?: ComparePairRequest["options"] } = {},
): Promise<number> {
  const [a, b] = pictures;
  return (await inference.comparePair({ metric, modelPath, a, b, options: { ...small, ...options } })).score;
}

const copies = (folder: string): readonly string[] => readdirSync(folder).filter((name) => name.endsWith(".safetensors"));

describe("a model over copies of its weights scores as it does over the weights", () => {
  test.each([
    ["float16", "sd2-tiny", "diffsim-s"],
    ["float16 and float32 in one model", "sd15-tiny", "diffsim-s"],
    ["float16, two text towers", "sdxl-tiny", "diffsim-xl"],
    ["float16 and float32 in one file", "dit-tiny", "diffsim-dit"],
  ] as const)("%s", async (_what, name, metric) => {
    const folder = join(scratch, name);
    const model = goldenCheckpoint(name);
    const before = await folderState(model);
    const given = await scoreOf(plain, model, { metric });
    const copied = await scoreOf(copying(folder), model, { metric });
    expect(Math.abs(copied - given)).toBeLessThan(1e-6);
    expect(copies(folder).length).toBeGreaterThan(0);
    expect(await folderState(model)).toEqual(before);
  });
});
