import { afterEach, expect, test } from "vitest";
import type { RawImage } from "../../platform/raw-image";
import type { ExtractorKey, InferenceService } from "./inference-service";
import { createInProcessInference } from "./in-process-inference";
import { createWorkerInference } from "./worker-inference";

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
