/** @file An engine made of plain answers, checked against the contract like the real one. For tests. */
import { createRouterClient, implement } from "@orpc/server";
import { vi } from "vitest";
import { engineContract } from "#shared/contract/engine-contract";
import type { AssetId, AssetSummary } from "#shared/domain/asset";
import type { CacheStatus } from "#shared/domain/feature-cache";
import type { WeightCache } from "#shared/domain/weight-cache";
import type { DeviceEntry, DeviceFallback, DeviceId } from "#shared/domain/device";
import type { Job } from "#shared/domain/job";
import type { LibraryFolder, LibraryRoot, RootId, RootPlace, WatchedRoot } from "#shared/domain/library";
import type { MetricCard } from "#shared/domain/model-card";
import { appError } from "#shared/domain/app-error";
import { brandId } from "#shared/lib/branded-id";
import type { EngineClient } from "../lib/engine";

/** What the fake library holds; a test states only what it is about. */
export interface FakeLibrary {
  readonly isFirstRun: boolean;
  readonly assets: readonly AssetSummary[];
  readonly roots: readonly WatchedRoot[];
  /** Where the roots that are not there may be. */
  readonly places: readonly RootPlace[];
  readonly isReadOnly: boolean;
  readonly folders: readonly LibraryFolder[];
  readonly jobs: readonly Job[];
  readonly devices: readonly DeviceEntry[];
  readonly fallback: DeviceFallback | null;
  readonly metrics: readonly MetricCard[];
  readonly issueCount: number;
  readonly cache: CacheStatus;
  readonly weightCache: WeightCache;
}

/** A device that can be used and was never tested. */
export function fakeDevice(id: DeviceId, change: Partial<DeviceEntry> = {}): DeviceEntry {
  const facts = { provider: id, supported: true, available: true, detail: null, memoryBytes: 16e9, driver: null };
  return { id, name: `The ${id}`, ...facts, isInUse: id === "cpu", test: null, failure: null, ...change };
}

/** Asset number `index` of a fake library, 300 by 200 pixels. */
export function fakeAsset(index: number, change: Partial<AssetSummary> = {}): AssetSummary {
  const id = brandId<AssetId>((index + 1).toString(16).padStart(32, "0"));
  return {
    id,
    name: `picture-${index}.png`,
    width: 300,
    height: 200,
    format: "png",
    isMissing: false,
    isMeasured: true,
    rating: null,
    flag: null,
    ...change,
  };
}

/** A root with `fileCount` files. */
export function fakeRoot(name: string, change: Partial<WatchedRoot> = {}): WatchedRoot {
  return {
    id: brandId<RootId>(name),
    path: `/pictures/${name}`,
    name,
    isSample: false,
    isWatched: true,
    isAvailable: true,
    fileCount: 8,
    watch: { mode: "watching", note: null },
    ...change,
  };
}

/** The tree row of a root itself. */
export function fakeFolder(root: LibraryRoot): LibraryFolder {
  return { rootId: root.id, path: root.path, name: root.name, depth: 0, count: root.fileCount };
}

const emptyLibrary: FakeLibrary = {
  isFirstRun: false,
  assets: [],
  roots: [],
  places: [],
  isReadOnly: false,
  folders: [],
  jobs: [],
  devices: [fakeDevice("cpu")],
  fallback: null,
  metrics: [],
  issueCount: 0,
  cache: { budgetBytes: 20e9, files: 0, bytes: 0, hitShare: null, recipes: [] },
  weightCache: { folder: "/cache/weights", budgetBytes: 20e9, bytes: 0, weights: [] },
};

async function* nothing<T>(signal: AbortSignal | undefined): AsyncGenerator<T> {
  await new Promise<void>((resolve) => signal?.addEventListener("abort", () => resolve()));
  yield* [];
}

/** A client over a fake library, and the commands it was given. */
export function fakeEngine(change: Partial<FakeLibrary> = {}) {
  const library = { ...emptyLibrary, ...change };
  const commands = vi.fn<(name: string, input: unknown) => void>();
  const os = implement(engineContract);
  const unknown = (): never => {
    throw appError("internal/fault", "The fake engine has no answer to this.");
  };
  const controlled =
    (name: string, state: Job["state"]) =>
    (input: { jobId: string }): Job => {
      commands(name, input);
      const job = library.jobs.find(({ id }) => id === input.jobId);
      return job ? { ...job, state } : unknown();
    };
  const started = (name: string, input: unknown) => {
    commands(name, input);
    return { roots: [...library.roots], jobId: brandId<Job["id"]>("job") };
  };
  // Made here, as the contract's answers may be written to.
  const cache = { ...library.cache, recipes: [...library.cache.recipes] };
  const weightCache = { ...library.weightCache, weights: [...library.weightCache.weights] };
  const dropping = (name: string, input: unknown) => {
    commands(name, input);
    return { files: cache.files, bytes: cache.bytes };
  };
  const router = os.router({
    system: {
      status: os.system.status.handler(() => ({
        version: "1",
        platform: "linux",
        libraryPath: "/library",
        isReadOnly: library.isReadOnly,
        isFirstRun: library.isFirstRun,
        assetCount: library.assets.length,
        issueCount: library.issueCount,
        sample: { isAvailable: true, isAdded: false, imageCount: 164 },
        device: { ...(library.devices.find(({ isInUse }) => isInUse) ?? fakeDevice("cpu")), fallback: library.fallback },
        networkRequests: 0,
      })),
      changes: os.system.changes.handler(({ signal }) => nothing(signal)),
    },
    folders: {
      browse: os.folders.browse.handler(({ input }) => ({
        path: input.path ?? "/home",
        parent: "/",
        entries: [{ name: "Paintings", path: "/home/Paintings" }],
        imageCount: 3,
        places: [{ name: "Home", path: "/home" }],
      })),
    },
    roots: {
      list: os.roots.list.handler(() => [...library.roots]),
      add: os.roots.add.handler(({ input }) => started("roots.add", input)),
      addSample: os.roots.addSample.handler(() => started("roots.addSample", {})),
      remove: os.roots.remove.handler(({ input }) => {
        commands("roots.remove", input);
        return { removedFiles: 8 };
      }),
      relocate: os.roots.relocate.handler(({ input }) => {
        const { jobId } = started("roots.relocate", input);
        return { path: input.path, found: 7, checked: 8, root: { ...fakeRoot("Elsewhere"), path: input.path }, jobId };
      }),
      places: os.roots.places.handler(() => [...library.places]),
      setWatched: os.roots.setWatched.handler(({ input }) => {
        commands("roots.setWatched", input);
        return {};
      }),
      folders: os.roots.folders.handler(() => [...library.folders]),
      rescan: os.roots.rescan.handler(() => started("roots.rescan", {})),
    },
    assets: {
      page: os.assets.page.handler(({ input }) => {
        const items = library.assets.filter(({ name }) => input.text === null || name.includes(input.text));
        return { total: items.length, items: items.slice(input.offset, input.offset + input.limit) };
      }),
      facets: os.assets.facets.handler(() => []),
      detail: os.assets.detail.handler(({ input }) => {
        const asset = library.assets.find(({ id }) => id === input.assetId);
        return asset
          ? { ...asset, files: [], measuredWith: [], metadata: null, annotation: { tags: [], rating: asset.rating, flag: asset.flag } }
          : unknown();
      }),
      rawMetadata: os.assets.rawMetadata.handler(() => ({ entries: [] })),
      issues: os.assets.issues.handler(() => []),
    },
    annotations: {
      set: os.annotations.set.handler(({ input }) => {
        commands("annotations.set", input);
        return { previous: [] };
      }),
      restore: os.annotations.restore.handler(({ input }) => {
        commands("annotations.restore", input);
        return {};
      }),
      tags: os.annotations.tags.handler(() => []),
    },
    jobs: {
      list: os.jobs.list.handler(() => [...library.jobs]),
      events: os.jobs.events.handler(({ signal }) => nothing(signal)),
      pause: os.jobs.pause.handler(({ input }) => controlled("jobs.pause", "paused")(input)),
      resume: os.jobs.resume.handler(({ input }) => controlled("jobs.resume", "running")(input)),
      cancel: os.jobs.cancel.handler(({ input }) => controlled("jobs.cancel", "cancelled")(input)),
    },
    metrics: { list: os.metrics.list.handler(() => [...library.metrics]), measure: os.metrics.measure.handler(unknown) },
    search: { run: os.search.run.handler(unknown), randomPairs: os.search.randomPairs.handler(unknown) },
    duplicates: {
      list: os.duplicates.list.handler(unknown),
      keepApart: os.duplicates.keepApart.handler(unknown),
      undoKeepApart: os.duplicates.undoKeepApart.handler(unknown),
    },
    checks: {
      run: os.checks.run.handler(unknown),
      matrix: os.checks.matrix.handler(unknown),
      report: os.checks.report.handler(unknown),
      files: {
        plan: os.checks.files.plan.handler(unknown),
        carryOut: os.checks.files.carryOut.handler(unknown),
        undo: os.checks.files.undo.handler(unknown),
      },
      boards: {
        list: os.checks.boards.list.handler(() => []),
        save: os.checks.boards.save.handler(unknown),
        remove: os.checks.boards.remove.handler(unknown),
      },
      votes: os.checks.votes.handler(unknown),
      verdicts: {
        list: os.checks.verdicts.list.handler(() => []),
        set: os.checks.verdicts.set.handler(unknown),
        restore: os.checks.verdicts.restore.handler(unknown),
      },
    },
    compare: { pair: os.compare.pair.handler(unknown), foreground: os.compare.foreground.handler(unknown) },
    masks: {
      get: os.masks.get.handler(unknown),
      estimate: os.masks.estimate.handler(unknown),
      set: os.masks.set.handler(unknown),
      remove: os.masks.remove.handler(unknown),
    },
    benchmarks: {
      list: os.benchmarks.list.handler(() => ({ sets: [], layouts: [] })),
      look: os.benchmarks.look.handler(unknown),
      add: os.benchmarks.add.handler(unknown),
      remove: os.benchmarks.remove.handler(unknown),
      run: os.benchmarks.run.handler(unknown),
      result: os.benchmarks.result.handler(() => null),
      triplets: os.benchmarks.triplets.handler(() => ({ total: 0, items: [] })),
      table: os.benchmarks.table.handler(unknown),
      judgements: {
        next: os.benchmarks.judgements.next.handler(() => null),
        say: os.benchmarks.judgements.say.handler(unknown),
        undo: os.benchmarks.judgements.undo.handler(unknown),
      },
    },
    cache: {
      status: os.cache.status.handler(() => cache),
      chooseForm: os.cache.chooseForm.handler(({ input }) => {
        commands("cache.chooseForm", input);
        return cache.recipes.find(({ recipeId }) => recipeId === input.recipeId) ?? unknown();
      }),
      setBudget: os.cache.setBudget.handler(({ input }) => {
        cache.budgetBytes = input.bytes;
        return dropping("cache.setBudget", input);
      }),
      clear: os.cache.clear.handler(({ input }) => dropping("cache.clear", input)),
    },
    models: {
      list: os.models.list.handler(() => []),
      scan: os.models.scan.handler(() => ({ models: [], places: 3, milliseconds: 1200 })),
      add: os.models.add.handler(unknown),
      remove: os.models.remove.handler(unknown),
      weightCache: {
        status: os.models.weightCache.status.handler(() => weightCache),
        clear: os.models.weightCache.clear.handler(() => {
          commands("weightCache.clear", {});
          return weightCache;
        }),
        setBudget: os.models.weightCache.setBudget.handler(({ input }) => {
          commands("weightCache.setBudget", input);
          weightCache.budgetBytes = input.bytes;
          return weightCache;
        }),
      },
    },
    devices: {
      list: os.devices.list.handler(() => [...library.devices]),
      choose: os.devices.choose.handler(({ input }) => {
        commands("devices.choose", input);
        return library.devices.find(({ id }) => id === input.device) ?? unknown();
      }),
      selfTest: os.devices.selfTest.handler(({ input }) => {
        commands("devices.selfTest", input);
        return { ok: true, imagesPerSecond: null, parity: 0, message: null };
      }),
    },
  });
  const client: EngineClient = createRouterClient(router);
  return { client, commands };
}
