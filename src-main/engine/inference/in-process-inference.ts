/** @file Runs the models in this thread: for the command line and for tests; the worker wraps the same object. */
import { join } from "node:path";
import { appError } from "#shared/domain/app-error";
import type { Device, DeviceId } from "#shared/domain/device";
import { tappedFeatures } from "../../ml/features/tapped-features";
import type { FeatureExtractor, ImageFeatures, MetricContext } from "../../ml/metrics/metric";
import { findMetric } from "../../ml/metrics/registry";
import { type ModelFolder, openModel } from "../../ml/models/model-folder";
import { assertAvailable, findDevice, listDevices } from "../../ml/runtime/execution-provider";
import { defaultThreads } from "../../ml/runtime/inference-session";
import { selfTestDevice } from "../../ml/runtime/self-test";
import { createSessionPool } from "../../ml/runtime/session-pool";
import { memoizePromise } from "../../platform/memoize-promise";
import { resourcesPath } from "../../platform/paths";
import type { ExtractorKey, InferenceOptions, InferenceService } from "./inference-service";

/** Folder of the model that ships with the program. */
export function starterModelPath(): string {
  return join(resourcesPath(), "starter");
}

/** Creates the inference service of this thread. Nothing is loaded before it is needed. */
export function createInProcessInference(options: InferenceOptions): InferenceService {
  const sessions = createSessionPool();
  const threads = options.threads ?? defaultThreads();
  let chosen: DeviceId | null = options.device;
  const models = memoizePromise((path: string): Promise<ModelFolder> => openModel(path));
  const extractors = new Map<string, Promise<FeatureExtractor>>();

  async function activeDevice(): Promise<Device> {
    // A device that is gone is told as it is; sessions refuse to run on it with its reason.
    if (chosen !== null) return findDevice(chosen);
    // "auto" takes the processor: a graphics card is used when the person chose it, since only then its numbers are expected.
    return findDevice("cpu");
  }

  async function contextOf({ modelPath }: Pick<ExtractorKey, "modelPath">): Promise<MetricContext> {
    const checkpoint = await models(modelPath ?? starterModelPath());
    return { checkpoint, runtime: { device: (await activeDevice()).id, threads }, sessions };
  }

  /** The extractor of a key, made once; one that could not be made is tried again when it is asked for again. */
  function extractorOf(key: ExtractorKey): Promise<FeatureExtractor> {
    const name = `${key.metric} ${key.modelPath ?? ""}`;
    const known = extractors.get(name);
    if (known !== undefined) return known;
    const made = createExtractor(key);
    extractors.set(name, made);
    made.catch(() => {
      if (extractors.get(name) === made) extractors.delete(name);
    });
    return made;
  }

  async function createExtractor(key: ExtractorKey): Promise<FeatureExtractor> {
    const metric = findMetric(key.metric);
    if (metric.createExtractor === undefined)
      throw appError("metric/unknown", `${key.metric} cannot measure a library.`, { hint: "Use it with `semblance compare`." });
    return metric.createExtractor(await contextOf(key), {});
  }

  async function releaseExtractors(): Promise<void> {
    const made = await Promise.allSettled(extractors.values());
    extractors.clear();
    models.clear();
    for (const extractor of made) if (extractor.status === "fulfilled") await extractor.value.dispose();
  }

  /** Weights that were replaced on disk are another model: what was made of the earlier ones is given up. */
  async function releaseReplaced(path: string): Promise<void> {
    if (!models.has(path)) return;
    const [opened, present] = await Promise.all([models(path), openModel(path)]);
    if (weightsOf(opened) !== weightsOf(present)) await releaseExtractors();
  }

  return {
    async openExtractor(key) {
      await releaseReplaced(key.modelPath ?? starterModelPath());
      return (await extractorOf(key)).recipe;
    },
    async extract(keys, image) {
      const features: ImageFeatures[] = [];
      for (const key of keys) {
        const [one] = await (await extractorOf(key)).extract([image]);
        if (one === undefined) throw new Error(`${key.metric} answered without features`);
        features.push(one);
      }
      return features;
    },
    score: async (key, query, targets) => (await extractorOf(key)).score(query, targets),
    async comparePair({ metric, modelPath, a, b, options: given }) {
      return findMetric(metric).comparePair(await contextOf({ modelPath }), a, b, given);
    },
    tap: async ({ modelPath, image, ...request }) => tappedFeatures(await contextOf({ modelPath }), image, request),
    device: activeDevice,
    devices: () => listDevices(),
    async chooseDevice(device) {
      await assertAvailable(device);
      await releaseExtractors();
      chosen = device;
      return findDevice(device);
    },
    selfTest: (device) => selfTestDevice(device),
    async dispose() {
      await releaseExtractors();
      await sessions.dispose();
    },
  };
}

/** What tells one version of a model's weight files from another. */
function weightsOf({ weightFiles }: ModelFolder): string {
  return JSON.stringify(weightFiles.map(({ path, sizeBytes, modifiedMs }) => [path, sizeBytes, modifiedMs]));
}
