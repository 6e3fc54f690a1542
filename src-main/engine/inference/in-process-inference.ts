/** @file Runs the models in this thread: for the command line and for tests; the worker wraps the same object. */
import { join } from "node:path";
import { appError } from "#shared/domain/app-error";
import { tappedFeatures } from "../../ml/features/tapped-features";
import { listTaps } from "../../ml/features/unet-features";
import type { Companions, FeatureExtractor, MetricContext, MetricDefinition } from "../../ml/metrics/metric";
import { extractTogether } from "../../ml/metrics/feature-pass";
import { assertRunsOn, findMetric } from "../../ml/metrics/registry";
import { type ModelFolder, openModel } from "../../ml/models/model-folder";
import { substituteAutoencoder } from "../../ml/models/substitute-autoencoder";
import { assertAvailable, findDevice, findDeviceAgain, listDevices } from "../../ml/runtime/execution-provider";
import { defaultThreads } from "../../ml/runtime/inference-session";
import { createMappedSessions, largeWeightBytes } from "../../ml/runtime/mapped-session";
import { selfTestDevice } from "../../ml/runtime/self-test";
import { createSessionPool, type SessionPool } from "../../ml/runtime/session-pool";
import { openCheckpoint, type Checkpoint } from "../../ml/weights/checkpoint";
import { memoizePromise } from "../../platform/memoize-promise";
import { defaultCachePath, resourcesPath } from "../../platform/paths";
import { createDeviceSwitch } from "./device-switch";
import type { CompanionPaths, ExtractorKey, InferenceOptions, InferenceService, ModelChoice, OnNews } from "./inference-service";

const companionWords: Readonly<Record<keyof Companions, { readonly what: string; readonly hint: string }>> = {
  ipAdapter: { what: "an IP-Adapter", hint: "Give its .safetensors file with --ip-adapter PATH." },
  imageEncoder: { what: "the image encoder of the IP-Adapter", hint: "Give its folder with --image-encoder PATH." },
  weights: { what: "weights of its own", hint: "Give the .safetensors file with --weights PATH." },
};

/** Folder of the model that ships with the program. */
export function starterModelPath(): string {
  return join(resourcesPath(), "starter");
}

/** Folder of the float32 copies of large weights; all libraries share it. */
export function weightCopiesPath(): string {
  return join(defaultCachePath(), "weights");
}

/** Creates the inference service of this thread. Nothing is loaded before it is needed. */
export function createInProcessInference(options: InferenceOptions, onNews: OnNews = () => undefined): InferenceService {
  const threads = options.threads ?? defaultThreads();
  const createSession = createMappedSessions({
    ...(options.weightCopies ?? { folder: weightCopiesPath(), minBytes: largeWeightBytes }),
    onProgress: (doneBytes, totalBytes) => onNews({ kind: "preparing", doneBytes, totalBytes }),
    onFailure: (reason) => onNews({ kind: "unprepared", reason: reason.toShape() }),
  });
  const newPool = (): SessionPool => createSessionPool(undefined, createSession);
  let sessions = newPool();
  const devices = createDeviceSwitch({
    ...options,
    find: findDevice,
    test: selfTestDevice,
    release: releaseSessions,
    onNews,
  });
  const models = memoizePromise((path: string): Promise<ModelFolder> => openModel(path));
  const checkpoints = memoizePromise((path: string): Promise<Checkpoint> => openCheckpoint(path));
  /** Models with another autoencoder, by the paths of both. */
  const substituted = memoizePromise(async (paths: string): Promise<ModelFolder> => {
    const [path, vae] = JSON.parse(paths) as [string, string];
    return substituteAutoencoder(await models(path), vae);
  });
  const extractors = new Map<string, Promise<FeatureExtractor>>();

  async function contextOf({ modelPath, companions = {} }: ModelChoice): Promise<MetricContext> {
    const path = modelPath ?? starterModelPath();
    return {
      checkpoint: companions.vae === undefined ? await models(path) : await substituted(JSON.stringify([path, companions.vae])),
      companions: await openCompanions(companions),
      runtime: { ...(await devices.place()), threads },
      sessions,
    };
  }

  async function openCompanions({ ipAdapter, imageEncoder, weights }: CompanionPaths): Promise<Companions> {
    return {
      ipAdapter: ipAdapter === undefined ? null : await checkpoints(ipAdapter),
      imageEncoder: imageEncoder === undefined ? null : await models(imageEncoder),
      weights: weights === undefined ? null : await checkpoints(weights),
    };
  }

  /** The same for a metric, whose model and companions are made sure of. */
  async function contextFor(metric: MetricDefinition, choice: ModelChoice): Promise<MetricContext> {
    const context = await contextOf(choice);
    if (context.checkpoint !== null) assertRunsOn(metric, context.checkpoint);
    const absent = metric.needs?.find((role) => context.companions?.[role] === null);
    if (absent !== undefined)
      throw appError("metric/needs-model", `${metric.name} needs ${companionWords[absent].what}.`, { hint: companionWords[absent].hint });
    return context;
  }

  /** The extractor of a key, made once; one that could not be made is tried again when it is asked for again. */
  function extractorOf(key: ExtractorKey): Promise<FeatureExtractor> {
    const name = JSON.stringify([key.metric, key.modelPath, key.companions, key.options]);
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
      throw appError("metric/unknown", `${key.metric} looks at pairs and keeps nothing of a single picture.`, {
        hint: "Use it with `semblance compare`, `semblance matrix` or `semblance bench`.",
      });
    return metric.createExtractor(await contextFor(metric, key), key.options ?? {});
  }

  async function releaseExtractors(): Promise<void> {
    const made = await Promise.allSettled(extractors.values());
    extractors.clear();
    models.clear();
    substituted.clear();
    checkpoints.clear();
    for (const extractor of made) if (extractor.status === "fulfilled") await extractor.value.dispose();
  }

  /** Sessions of a device that is left. One that failed may not even be freed; that is no reason to stay on it. */
  async function releaseSessions(): Promise<void> {
    const left = sessions;
    sessions = newPool();
    await releaseExtractors().catch(() => undefined);
    await left.dispose().catch(() => undefined);
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
      return devices.run(async () => (await extractorOf(key)).recipe);
    },
    extract: (keys, image) => devices.run(async () => extractTogether(await Promise.all(keys.map(extractorOf)), image)),
    score: (key, query, targets, detail) => devices.run(async () => (await extractorOf(key)).score(query, targets, detail)),
    async settings(name, choice) {
      const metric = findMetric(name);
      const { checkpoint } = await contextFor(metric, choice);
      return checkpoint === null ? [] : (metric.settings?.(checkpoint) ?? []);
    },
    comparePair: ({ metric: name, a, b, options: given, ...choice }) =>
      devices.run(async () => {
        const metric = findMetric(name);
        return metric.comparePair(await contextFor(metric, choice), a, b, given);
      }),
    tap: ({ image, ...request }) => devices.run(async () => tappedFeatures(await contextOf(request), image, request)),
    listTaps: async (request) => listTaps(await contextOf(request), request),
    device: () => devices.active(),
    devices: () => listDevices(),
    async chooseDevice(device, isTested = false) {
      await findDeviceAgain(device);
      await assertAvailable(device);
      await devices.choose(device, isTested);
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
