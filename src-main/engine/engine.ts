/** @file Composes the engine: the only place where its services are made. */
import { join } from "node:path";
import type { MediaRequest } from "#shared/contract/media-routes";
import { type AppError, type AppErrorShape, toAppError } from "#shared/domain/app-error";
import type { AssetSummary } from "#shared/domain/asset";
import { type DeviceFallback, type DeviceId, fallbackFrom } from "#shared/domain/device";
import { openStore } from "../data/store/store";
import type { Store } from "../data/store/store-types";
import { describeDevice } from "../ml/runtime/execution-provider";
import { type Logger, openLogger } from "../platform/logger";
import { refuseNetwork, watchNetwork } from "../platform/network-guard";
import { defaultLibraryPath } from "../platform/paths";
import { openSettings, type Settings } from "../platform/settings";
import { type Broadcast, createBroadcast } from "./broadcast";
import type { MediaFile } from "./host-protocol";
import { createInProcessInference, weightCopiesPath } from "./inference/in-process-inference";
import type { InferenceOptions, InferenceService, OnNews, WeightCopies } from "./inference/inference-service";
import { createWorkerInference } from "./inference/worker-inference";
import { closeAbandonedJobs, createJobRunner, type JobRunner } from "./jobs/job-runner";
import { createLanes } from "./jobs/lanes";
import { createRouter, type EngineRouter } from "./router";
import { type AnnotationService, createAnnotationService } from "./services/annotation-service";
import { type BenchmarkService, createBenchmarkService } from "./services/benchmark-service";
import { createFeatureForms } from "./services/cache-forms";
import { type CacheService, createCacheService } from "./services/cache-service";
import { type CompareService, createCompareService } from "./services/compare-service";
import { createDeviceMemory, createDeviceService, type DeviceMemory, type DeviceService } from "./services/device-service";
import { type CheckMatrixService, createCheckMatrixService } from "./services/check-matrix-service";
import { type CheckService, createCheckService } from "./services/check-service";
import { createDuplicateService, type DuplicateService } from "./services/duplicate-service";
import { createForegroundService, type ForegroundService } from "./services/foreground-service";
import { createFeatureSource, type FeatureSource } from "./services/feature-source";
import { createIndexingService, type IndexingService } from "./services/indexing-service";
import { createLibraryService, type LibraryService } from "./services/library-service";
import { createMeasureRecipes, type MeasureRecipe, type MeasureRecipes } from "./services/measure-recipes";
import { createMediaService } from "./services/media-service";
import { createMetricService, type MetricService } from "./services/metric-service";
import { createModelService, type ModelService } from "./services/model-service";
import { createPictureSource, type PictureSource } from "./services/picture-source";
import { createProbeService, type ProbeService, scoredWholeUpTo } from "./services/probe-service";
import { createReportService, type ReportService } from "./services/report-service";
import { createSearchService, type SearchService } from "./services/search-service";
import { createSplitFilesService, type SplitFilesService } from "./services/split-files-service";
import { createWatchService, type WatchService } from "./services/watch-service";
import { createWeightCacheService, type WeightCacheService } from "./services/weight-cache-service";
import { createVerdictService, type VerdictService } from "./services/verdict-service";
import { createVoteReportService, type VoteReportService } from "./services/vote-report-service";
import { createVoteService } from "./services/vote-service";
import { createYardstickService } from "./services/yardstick-service";

export interface EngineOptions {
  /** null is the user's data folder. */
  readonly libraryPath?: string | null;
  readonly readOnly?: boolean;
  /** null is the device of the settings, and at first the processor. */
  readonly device?: DeviceId | null;
  readonly threads?: number | null;
  /** Refuses every use of the network, in the whole process. */
  readonly offline?: boolean;
  readonly inference: "in-process" | "worker";
  /** The engine before this one ended unexpectedly: a graphics card is not trusted again until it is chosen. */
  readonly hasCrashed?: boolean;
  /** Told of each device that is given up; the command line says so at once. */
  readonly onFallback?: (fallback: DeviceFallback) => void;
  /** Told why the weights of a model take more memory than they should. */
  readonly onUnprepared?: (reason: AppErrorShape) => void;
  /** Where float32 copies of large weights are kept; the usual place when left out. */
  readonly weightCopies?: WeightCopies;
}

export interface ChangeEvent {
  readonly topic: "assets" | "roots" | "issues" | "models" | "device";
}

/** What the router and the command line are made of. */
export interface EngineServices {
  readonly store: Store;
  readonly inference: InferenceService;
  readonly jobs: JobRunner;
  readonly changes: Broadcast<ChangeEvent>;
  readonly library: LibraryService;
  readonly annotations: AnnotationService;
  readonly benchmarks: BenchmarkService;
  readonly indexing: IndexingService;
  readonly watching: WatchService;
  readonly search: SearchService;
  readonly compare: CompareService;
  readonly duplicates: DuplicateService;
  readonly foregrounds: ForegroundService;
  readonly checks: CheckService;
  readonly voteReports: VoteReportService;
  readonly checkMatrix: CheckMatrixService;
  readonly verdicts: VerdictService;
  readonly reports: ReportService;
  readonly splitFiles: SplitFilesService;
  readonly models: ModelService;
  readonly weightCache: WeightCacheService;
  readonly metrics: MetricService;
  readonly recipes: MeasureRecipes;
  readonly features: FeatureSource;
  readonly probes: ProbeService;
  readonly cache: CacheService;
  readonly pictures: PictureSource;
  readonly devices: DeviceService;
}

export interface Engine extends EngineServices {
  readonly router: EngineRouter;
  /** The file that answers a media request. */
  media(request: MediaRequest): Promise<MediaFile>;
  /** Takes a picture from outside the library as a reference. */
  addOutsideImage(input: string | Uint8Array): Promise<AssetSummary>;
  /** Ends running jobs at the next picture, writes what is open, releases the library. */
  dispose(): Promise<void>;
}

/** Opens a library and everything that works on it. Throws library/..., disk/... */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  if (options.offline === true) refuseNetwork();
  else watchNetwork();
  const store = await openStore(options.libraryPath ?? defaultLibraryPath(), { readOnly: options.readOnly ?? false });
  try {
    return await compose(store, options);
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function compose(store: Store, options: EngineOptions): Promise<Engine> {
  const settings = openSettings(store.libraryPath);
  const onFault = faultLog(options.inference === "worker" && !store.isReadOnly ? store.libraryPath : null);
  const jobs = createJobRunner(store.jobs, store.isReadOnly ? store.jobs.list() : await closeAbandonedJobs(store.jobs), onFault);
  const changes = createBroadcast<ChangeEvent>((change) => change.topic);
  const publish = (topics: readonly ChangeEvent["topic"][]): void => {
    for (const topic of topics) changes.publish({ topic });
  };
  const hear: OnNews = (news) => {
    if (news.kind === "preparing") return jobs.showPreparing(news.doneBytes < news.totalBytes);
    if (news.kind === "unprepared") {
      jobs.showPreparing(false);
      onFault(toAppError(news.reason));
      return options.onUnprepared?.(news.reason);
    }
    void memory.hear(news).catch(() => undefined);
    if (news.kind === "fallback") {
      jobs.moveTo("cpu", news.fallback.message);
      options.onFallback?.(news.fallback);
    }
    publish(["device"]);
  };
  const memory = createDeviceMemory(settings, store.isReadOnly);
  const inference = await startInference(options, { settings, memory, onNews: hear });
  const lanes = createLanes();
  const models = createModelService({
    store,
    onChange: () => {
      recipes.forget();
      publish(["models"]);
    },
  });
  const recipes = createMeasureRecipes(store, inference, () => models.list());
  const pictures = createPictureSource(store);
  const forms = createFeatureForms(store);
  const features = createFeatureSource({ store, pictures, inference, lanes, lane: "interactive", forms });
  const cache = createCacheService({ store, settings, recipes, forms, inference, lanes });
  const probes = createProbeService({ store, features, inference, lanes, jobs });
  const yardsticks = createYardstickService({ store, features, inference, lanes, folder: join(store.scratchPath, "yardsticks") });
  // A host answers the next question faster for having looked ahead; the command line is gone by then.
  const improveAfter = (measured: readonly MeasureRecipe[]): void => {
    void probes.startIfDue(measured).catch(() => undefined);
    if (options.inference !== "worker") return;
    void cache.checkLarge(measured).catch(() => undefined);
    for (const recipe of measured) void yardsticks.exact(recipe).catch(() => undefined);
  };
  /** What a host does before it is asked: indices are read into memory, and what was cut short goes on. */
  const lookAhead = async (): Promise<void> => {
    await store.warm();
    if (store.assets.count() > scoredWholeUpTo) await probes.startIfDue(await recipes.active());
  };
  if (options.inference === "worker") void lookAhead().catch(() => undefined);
  const foregrounds = createForegroundService({ store, pictures, features });
  const votes = createVoteService({ store, recipes, features, yardsticks });
  const library = createLibraryService({ store, inference });
  const benchmarks = createBenchmarkService({
    store,
    features,
    inference,
    jobs,
    recipes,
    pictures,
    deviceName: async () => (await inference.device()).id,
  });
  const media = createMediaService({ store, pictures, features, recipes, benchmarks, folder: store.scratchPath });
  const indexing = createIndexingService({
    store,
    recipes,
    pictures,
    inference,
    lanes,
    jobs,
    forms,
    onChange: publish,
    probes,
    onMeasured: improveAfter,
  });
  const checks = createCheckService({ store, recipes, pictures, features, foreground: foregrounds, inference, lanes, yardsticks });
  const metrics = createMetricService({ store, recipes, yardsticks });
  const services: EngineServices = {
    store,
    inference,
    jobs,
    changes,
    library,
    benchmarks,
    annotations: createAnnotationService({ store, onChange: () => publish(["assets"]) }),
    models,
    weightCache: createWeightCacheService(options.weightCopies?.folder ?? weightCopiesPath()),
    recipes,
    features,
    probes,
    cache,
    pictures,
    metrics,
    splitFiles: createSplitFilesService(store),
    reports: createReportService({ store, pictures, checks, cards: () => metrics.list() }),
    indexing,
    watching: createWatchService({ store, indexing, jobs, changes, device: async () => (await inference.device()).id }),
    search: createSearchService({ store, recipes, features, probes, inference, lanes, yardsticks, votes }),
    foregrounds,
    duplicates: createDuplicateService({ store, recipes, yardsticks }),
    checks,
    voteReports: createVoteReportService({ recipes, checks }),
    checkMatrix: createCheckMatrixService({ store, recipes, pictures, features, foreground: foregrounds, inference, lanes }),
    verdicts: createVerdictService(store),
    compare: createCompareService({ recipes, features, inference, lanes, yardsticks, foregrounds }),
    devices: createDeviceService({
      inference,
      lanes,
      memory,
      onChosen: (device) => {
        recipes.forget();
        if (!store.isReadOnly) settings.set("device", device);
      },
    }),
  };
  return {
    ...services,
    router: createRouter(services, onFault),
    media: (request) => media.file(request),
    addOutsideImage: (input) => (typeof input === "string" ? library.picture(input) : library.pictureOfBytes(input)),
    async dispose() {
      await Promise.all([services.watching.dispose(), jobs.dispose()]);
      changes.close();
      // How often kept features were found is only for show.
      await forms.save().catch(() => undefined);
      try {
        await inference.dispose();
      } finally {
        // Whatever became of the models: the library is left in order and to others.
        await store.close();
      }
    },
  };
}

/** Notes faults with their stack in the library's log, which is opened with the first one; the command line shows them itself. */
function faultLog(libraryPath: string | null): (fault: AppError) => void {
  let log: Logger | null = null;
  return (fault) => {
    log ??= openLogger({ libraryPath, processName: "engine" });
    log.error({ err: fault.cause ?? fault }, fault.message);
  };
}

interface InferenceStart {
  readonly settings: Settings;
  readonly memory: DeviceMemory;
  readonly onNews: OnNews;
}

async function startInference(options: EngineOptions, { settings, memory, onNews }: InferenceStart): Promise<InferenceService> {
  const device = options.device ?? settings.get("device");
  const threads = options.threads ?? settings.get("threads");
  const weightCopies = options.weightCopies === undefined ? {} : { weightCopies: options.weightCopies };
  const start = (where: InferenceOptions): InferenceService => {
    const runtime = { ...where, ...weightCopies };
    return options.inference === "worker" ? createWorkerInference(runtime, { onNews }) : createInProcessInference(runtime, onNews);
  };
  if (device === "cpu") return start({ device, threads });
  if (options.hasCrashed !== true) return start({ device, threads, isDeviceTested: (await memory.of(device)).test?.ok === true });
  const { name } = await describeDevice(device);
  const fallback = fallbackFrom(device, `${name} was in use when the engine ended unexpectedly.`);
  await memory.hear({ kind: "fallback", fallback });
  return start({ device: "cpu", threads, fallback });
}
