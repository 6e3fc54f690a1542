import { EventEmitter } from "node:events";
import type { Worker } from "node:worker_threads";
import { afterEach, expect, test } from "vitest";
import type { DeviceFallback } from "#shared/domain/device";
import { attentionArrays } from "../../ml/scoring/attention-features";
import { sharedMemory } from "../../platform/lent-memory";
import type { RawImage } from "../../platform/raw-image";
import type { ExtractorKey, InferenceOptions, InferenceService } from "./inference-service";
import { createInProcessInference } from "./in-process-inference";
import { createWorkerInference } from "./worker-inference";
import type { InferenceCall } from "./worker-protocol";

const key: ExtractorKey = { metric: "starter-style", modelPath: null };
const image: RawImage = { width: 40, height: 30, data: Uint8Array.from({ length: 3 * 40 * 30 }, (_, index) => (index * 37) & 255) };
const opened: InferenceService[] = [];

function worker(): InferenceService {
  const service = createWorkerInference({ device: "cpu", threads: 1 });
  opened.push(service);
  return service;
}

afterEach(async () => {
  for (const service of opened.splice(0)) await service.dispose();
});

test("the worker computes what this thread computes, and leaves the caller its pixels", async () => {
  const here = createInProcessInference({ device: "cpu", threads: 1 });
  opened.push(here);
  const [expected] = await here.extract([key], image);
  const [found] = await worker().extract([key], image);
  expect(found).toEqual(expected);
  expect(image.data.byteLength).toBe(3 * 40 * 30);
});

test("features in memory that threads share are scored as those in memory of their own", async () => {
  const service = worker();
  const [features] = await service.extract([key], image);
  const { allocate, end } = sharedMemory.lend();
  const shared = (numbers: Float32Array): Float32Array => {
    const { buffer } = allocate(numbers.byteLength);
    const there = new Float32Array(buffer, 0, numbers.length);
    there.set(numbers);
    return there;
  };
  const { pooled, attention } = features!;
  const kept = new Map(attentionArrays.map((name) => [name, shared(attention![name] as Float32Array)]));
  const target = { pooled: shared(pooled), attention: { ...attention!, ...Object.fromEntries(kept) } };
  const [pair] = await service.score(key, features!, [target]);
  expect([pair]).toEqual(await service.score(key, features!, [features!]));
  expect(await service.score(key, features!, [target], "score")).toEqual([
    { score: pair?.score, directions: pair?.directions, a: null, b: null },
  ]);
  expect(target).toEqual(features);
  end();
});

test("an error keeps its code, sentence and hint across the border", async () => {
  await expect(worker().openExtractor({ metric: "clip-i", modelPath: "/nowhere/model" })).rejects.toMatchObject({
    code: "checkpoint/not-found",
    message: "There is no model at /nowhere/model.",
    hint: expect.any(String) as string,
  });
});

test("a disposed service refuses further work instead of starting anew", async () => {
  const service = worker();
  const [features] = await service.extract([key], image);
  const scoring = service.score(key, features!, [features!]);
  await service.dispose();
  await scoring;
  await expect(service.score(key, features!, [features!])).rejects.toMatchObject({ code: "engine/unavailable" });
});

/** A worker that answers nothing, remembers with which options it was started, and dies when told to. */
class FakeWorker extends EventEmitter {
  readonly options: InferenceOptions;
  readonly calls: InferenceCall[] = [];

  constructor(options: InferenceOptions) {
    super();
    this.options = options;
  }

  postMessage(message: InferenceCall): void {
    this.calls.push(message);
    if (message.method === "chooseDevice") this.emit("message", { call: message.call, value: { id: message.args[0] } });
    if (message.method === "dispose") {
      this.emit("message", { call: message.call, value: undefined });
      setImmediate(() => this.emit("exit", 0));
    }
  }

  ref(): void {}
  unref(): void {}
}

test("a worker that dies fails what was open with a sentence; the next call starts another on the device that was chosen last", async () => {
  const started: FakeWorker[] = [];
  const service = createWorkerInference(
    { device: "cuda", threads: 2 },
    {
      start: (options) => {
        started.push(new FakeWorker(options));
        return started.at(-1) as unknown as Worker;
      },
    },
  );
  opened.push(service);
  await service.chooseDevice("cpu");
  const open = [service.extract([key], image), service.devices()].map((call) => call.catch((error: unknown) => error));
  started[0]?.emit("error", new Error("bad allocation"));
  started[0]?.emit("exit", 1);
  for (const error of await Promise.all(open))
    expect(error).toMatchObject({
      code: "engine/crashed",
      message: "The models stopped running unexpectedly.",
      hint: expect.any(String) as string,
    });
  const again = service.devices();
  started[1]?.emit("message", { call: started[1].calls[0]?.call, value: [] });
  expect(await again).toEqual([]);
  expect(started.map((worker) => worker.options)).toEqual([
    { device: "cuda", threads: 2, isDeviceTested: false, fallback: null },
    { device: "cpu", threads: 2, isDeviceTested: false, fallback: null },
  ]);
});

test("a worker that dies on a graphics card is followed by one on the processor, which does what was open", async () => {
  const started: FakeWorker[] = [];
  const fallbacks: DeviceFallback[] = [];
  const service = createWorkerInference(
    { device: "cuda", threads: 2 },
    {
      onNews: (news) => {
        if (news.kind === "fallback") fallbacks.push(news.fallback);
      },
      start: (options) => {
        started.push(new FakeWorker(options));
        return started.at(-1) as unknown as Worker;
      },
    },
  );
  opened.push(service);
  const open = service.extract([key], image);
  started[0]?.emit("error", new Error("device removed"));
  started[0]?.emit("exit", 1);
  expect(started[1]?.options).toMatchObject({ device: "cpu", fallback: fallbacks[0] });
  const [again] = started[1]?.calls ?? [];
  expect(again).toEqual(started[0]?.calls[0]);
  started[1]?.emit("message", { call: again?.call, value: [] });
  expect(await open).toEqual([]);
  expect(fallbacks).toMatchObject([{ device: "cuda", message: expect.stringContaining("The processor takes over.") as string }]);
});
