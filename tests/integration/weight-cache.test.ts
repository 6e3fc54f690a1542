/** @file Float32 copies of half precision weights: the same scores, made once, made again when damaged, and never in the way. */
import { fork } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createEngine } from "#main/engine/engine";
import { EngineHost } from "#main/engine/engine-host";
import type { FromEngine } from "#main/engine/host-protocol";
import { createInProcessInference } from "#main/engine/inference/in-process-inference";
import type { ComparePairRequest, InferenceService } from "#main/engine/inference/inference-service";
import type { MetricName } from "#shared/domain/feature-recipe";
import type { RawImage } from "#main/platform/raw-image";
import type { AppError } from "#shared/domain/app-error";
import type { WeightCache } from "#shared/domain/weight-cache";
import { tensor } from "#main/ml/tensor/tensor";
import { writeSafetensors } from "#main/ml/weights/safetensors";
import { cli } from "../support/cli";
import { connect } from "../support/engine-client";
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

test("the app sees the copies, removes them while a model runs on them, and limits their room", async () => {
  const folder = join(scratch, "sd2-tiny");
  const engine = await createEngine({
    libraryPath: join(scratch, "library"),
    inference: "in-process",
    ...cpu,
    weightCopies: { folder, minBytes: 0 },
  });
  opened.push(engine.inference);
  const { weightCache } = connect(engine).models;
  const model = goldenCheckpoint("sd2-tiny");
  const before = await scoreOf(engine.inference, model);
  const found = await weightCache.status();
  expect(found).toMatchObject({ folder, budgetBytes: 25e9 });
  expect(found.weights.map(({ path }) => path).sort()).toEqual(
    ["text_encoder/model", "unet/diffusion_pytorch_model", "vae/diffusion_pytorch_model"].map((name) => join(model, `${name}.safetensors`)),
  );
  expect(found.bytes).toBe(found.weights.reduce((sum, { bytes }) => sum + bytes, 0));
  expect(await weightCache.clear()).toMatchObject({ bytes: 0, weights: [] });
  expect(await scoreOf(engine.inference, model)).toBe(before);
  expect(await weightCache.setBudget({ bytes: 1000 })).toMatchObject({ budgetBytes: 1000 });
  await engine.dispose();
});

test("semblance cache weights: status, budget, clear", async () => {
  const caches = join(scratch, "caches");
  for (const name of ["XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"]) vi.stubEnv(name, caches);
  const place = (await cli("cache", "weights", "status", "--json")).json<WeightCache>();
  expect(place).toMatchObject({ bytes: 0, budgetBytes: 25e9, weights: [] });
  expect(place.folder.startsWith(caches)).toBe(true);
  await scoreOf(copying(place.folder), goldenCheckpoint("sd2-tiny"));
  const text = await cli("cache", "weights", "status");
  expect(text.out).toMatch(/^size +last used +weights\n(\d+\.\d MB .*safetensors\n){3}\d+\.\d MB of 25\.0 GB in /);
  const set = (await cli("cache", "weights", "budget", "12.5", "--json")).json<WeightCache>();
  expect([set.budgetBytes, set.weights.length]).toEqual([12.5e9, 3]);
  expect((await cli("cache", "weights", "budget", "much")).exitCode).toBe(2);
  expect((await cli("cache", "weights", "clear", "--json")).json<WeightCache>().weights).toEqual([]);
  vi.unstubAllEnvs();
});

test.skipIf(process.platform === "win32")(
  "an engine that dies of weights cut short under it is told in a sentence and started again",
  async () => {
    const file = join(scratch, "weights.safetensors");
    const script = fileURLToPath(new URL("../support/truncated-weights.ts", import.meta.url));
    const signals: (string | null)[] = [];
    const told: { readonly error: AppError; readonly willRestart: boolean }[] = [];
    await writeSafetensors(file, new Map([["weight", tensor([2 ** 20], new Float32Array(2 ** 20).fill(3))]]));
    let isUp: () => void = () => undefined;
    const restarted = new Promise<void>((resolve) => (isUp = resolve));
    const host = new EngineHost({
      spawn: () => {
        const child = fork(script, [file], { execArgv: ["--import", "tsx"], stdio: ["ignore", "ignore", "inherit", "ipc"] });
        child.on("exit", (_code, signal) => signals.push(signal));
        return {
          post: (message) => void child.send(message),
          onMessage: (listener) => child.on("message", (message) => listener(message as FromEngine)),
          onExit: (listener) => child.on("exit", listener),
          kill: () => void child.kill(),
        };
      },
      init: { libraryPath: null, readOnly: false, device: null, threads: null, offline: true },
      onDown: (error, willRestart) => {
        told.push({ error, willRestart });
        // Downloaded again by the time the engine is back.
        void writeSafetensors(file, new Map([["weight", tensor([2 ** 20], new Float32Array(2 ** 20))]]));
      },
      onUp: () => isUp(),
    });
    await host.start();
    await expect(host.addOutsideImage("/a.png")).rejects.toMatchObject({
      code: "engine/crashed",
      message: expect.stringMatching(/^[^\n]+\.$/) as string,
    });
    expect(signals).toEqual(["SIGBUS"]);
    expect(told.map(({ willRestart }) => willRestart)).toEqual([true]);
    await restarted;
    expect(host.isUp).toBe(true);
    await host.stop();
  },
);
