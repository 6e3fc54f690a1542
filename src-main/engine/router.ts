/** @file The contract, served: input to service to answer. Thrown errors become the contract's one typed error, here and nowhere else. */
import { implement, ORPCError } from "@orpc/server";
import { engineContract } from "#shared/contract/engine-contract";
import { type AppError, type AppErrorShape, toAppError } from "#shared/domain/app-error";
import type { EngineServices } from "./engine";
import { listFolder } from "./services/folder-listing";

/** Builds the router over the engine's services. `onFault` is told what nobody foresaw. */
export function createRouter(services: EngineServices, onFault: (fault: AppError) => void) {
  const {
    annotations,
    benchmarks,
    devices,
    foregrounds,
    library,
    indexing,
    watching,
    search,
    duplicates,
    compare,
    models,
    weightCache,
    metrics,
    recipes,
    reports,
    splitFiles,
    jobs,
    inference,
    store,
    cache,
    changes,
    checks,
    checkMatrix,
    verdicts,
    voteReports,
  } = services;

  /** Message and data of the contract's error for anything thrown. */
  function typed(error: unknown): { readonly message: string; readonly data: AppErrorShape } {
    const known = toAppError(error);
    if (known.code === "internal/fault") onFault(known);
    return { message: known.message, data: known.toShape() };
  }

  const os = implement(engineContract).use(async ({ next, errors }) => {
    try {
      return await next();
    } catch (error) {
      // What oRPC itself says (an input that breaks the contract, a stream that was closed) is not ours to rename.
      if (error instanceof ORPCError) throw error;
      throw errors.APP_ERROR(typed(error));
    }
  });

  const deviceName = async (): Promise<string> => (await inference.device()).id;
  const startIndexing = async () => indexing.start(await deviceName());

  return os.router({
    system: {
      status: os.system.status.handler(() => library.status()),
      changes: os.system.changes.handler(({ signal }) => changes.subscribe(signal)),
    },
    folders: { browse: os.folders.browse.handler(({ input }) => listFolder(input.path)) },
    roots: {
      list: os.roots.list.handler(() => watching.list()),
      add: os.roots.add.handler(async ({ input }) => {
        const roots = [...(await library.addRoots(input.paths))];
        changes.publish({ topic: "roots" });
        return { roots, jobId: (await startIndexing()).id };
      }),
      addSample: os.roots.addSample.handler(async () => {
        const roots = [...(await library.addSample())];
        changes.publish({ topic: "roots" });
        return { roots, jobId: (await startIndexing()).id };
      }),
      remove: os.roots.remove.handler(async ({ input }) => {
        const removed = await indexing.between(() => library.removeRoot(input.rootId));
        for (const topic of ["roots", "assets", "issues"] as const) changes.publish({ topic });
        return removed;
      }),
      relocate: os.roots.relocate.handler(async ({ input }) => {
        const moved = await indexing.between(() => library.relocateRoot(input.rootId, input.path));
        for (const topic of ["roots", "assets", "issues"] as const) changes.publish({ topic });
        return { ...moved, jobId: (await startIndexing()).id };
      }),
      places: os.roots.places.handler(async ({ input }) => [...(await library.placesOf(input.rootId))]),
      setWatched: os.roots.setWatched.handler(async ({ input }) => {
        await watching.setWatched(input.rootId, input.isWatched);
        return {};
      }),
      folders: os.roots.folders.handler(() => store.assets.folders()),
      rescan: os.roots.rescan.handler(async () => ({ jobId: (await startIndexing()).id })),
    },
    assets: {
      page: os.assets.page.handler(({ input }) => library.page(input)),
      facets: os.assets.facets.handler(({ input }) => store.assets.facets(input)),
      detail: os.assets.detail.handler(({ input }) => library.detail(input.assetId)),
      rawMetadata: os.assets.rawMetadata.handler(async ({ input }) => ({ entries: [...(await library.rawMetadata(input.assetId))] })),
      issues: os.assets.issues.handler(({ input }) => store.issues.list(input.limit)),
    },
    annotations: {
      set: os.annotations.set.handler(async ({ input }) => ({ previous: await annotations.set(input.assetIds, input.change) })),
      restore: os.annotations.restore.handler(async ({ input }) => {
        await annotations.restore(input.annotations);
        return {};
      }),
      tags: os.annotations.tags.handler(() => annotations.tags()),
    },
    jobs: {
      list: os.jobs.list.handler(() => [...jobs.list()]),
      events: os.jobs.events.handler(({ signal }) => jobs.events(signal)),
      pause: os.jobs.pause.handler(({ input }) => jobs.pause(input.jobId)),
      resume: os.jobs.resume.handler(({ input }) => jobs.resume(input.jobId)),
      cancel: os.jobs.cancel.handler(({ input }) => jobs.cancel(input.jobId)),
    },
    metrics: {
      list: os.metrics.list.handler(async () => [...(await metrics.list())]),
      measure: os.metrics.measure.handler(async ({ input }) => {
        await recipes.activate(input.metric);
        return { jobId: (await startIndexing()).id };
      }),
    },
    search: {
      run: os.search.run.handler(async function* ({ input, signal, errors }) {
        try {
          for await (const { unranked: _, ...event } of search.run(input, signal)) yield event;
        } catch (error) {
          // A stream fails after its handler has returned, where the middleware cannot see it.
          throw errors.APP_ERROR(typed(error));
        }
      }),
      randomPairs: os.search.randomPairs.handler(({ input }) => metrics.randomPairs(input.metric)),
    },
    duplicates: {
      list: os.duplicates.list.handler(async function* ({ input, signal, errors }) {
        try {
          yield* duplicates.list(input, signal);
        } catch (error) {
          throw errors.APP_ERROR(typed(error));
        }
      }),
      keepApart: os.duplicates.keepApart.handler(async ({ input }) => {
        await duplicates.keepApart(input.assetIds);
        return {};
      }),
      undoKeepApart: os.duplicates.undoKeepApart.handler(async ({ input }) => {
        await duplicates.undoKeepApart(input.assetIds);
        return {};
      }),
    },
    checks: {
      run: os.checks.run.handler(async function* ({ input, signal, errors }) {
        try {
          yield* checks.run(input, signal);
        } catch (error) {
          throw errors.APP_ERROR(typed(error));
        }
      }),
      matrix: os.checks.matrix.handler(async function* ({ input, signal, errors }) {
        try {
          yield* checkMatrix.run(input, signal);
        } catch (error) {
          throw errors.APP_ERROR(typed(error));
        }
      }),
      report: os.checks.report.handler(({ input, signal }) => reports.run(input, signal)),
      files: {
        plan: os.checks.files.plan.handler(({ input, signal }) => splitFiles.plan(input, signal)),
        carryOut: os.checks.files.carryOut.handler(({ input, signal }) => splitFiles.carryOut(input, signal)),
        undo: os.checks.files.undo.handler(({ input }) => splitFiles.undo(input.actId)),
      },
      boards: {
        list: os.checks.boards.list.handler(() => [...store.boards.list()]),
        save: os.checks.boards.save.handler(({ input }) => store.boards.save(input)),
        remove: os.checks.boards.remove.handler(async ({ input }) => {
          await store.boards.remove(input.id);
          return {};
        }),
      },
      votes: os.checks.votes.handler(async function* ({ input, signal, errors }) {
        try {
          yield* voteReports.run(input, signal);
        } catch (error) {
          throw errors.APP_ERROR(typed(error));
        }
      }),
      verdicts: {
        list: os.checks.verdicts.list.handler(({ input }) => [...verdicts.list(input.references)]),
        set: os.checks.verdicts.set.handler(async ({ input }) => ({ previous: await verdicts.set(input) })),
        restore: os.checks.verdicts.restore.handler(async ({ input }) => {
          await verdicts.restore(input);
          return {};
        }),
      },
    },
    compare: {
      pair: os.compare.pair.handler(({ input }) => compare.pair(input)),
      foreground: os.compare.foreground.handler(({ input }) => compare.foreground(input)),
    },
    masks: {
      get: os.masks.get.handler(async ({ input }) => foregrounds.inUse(await recipes.of(input.metric), input.assetId)),
      estimate: os.masks.estimate.handler(async ({ input }) => foregrounds.estimate(await recipes.of(input.metric), input.assetId)),
      set: os.masks.set.handler(async ({ input }) => ({ previous: await foregrounds.put(input.assetId, input.mask) })),
      remove: os.masks.remove.handler(async ({ input }) => ({ previous: await foregrounds.put(input.assetId, null) })),
    },
    benchmarks: {
      list: os.benchmarks.list.handler(async () => ({ sets: [...(await benchmarks.list())], layouts: [...benchmarks.layouts] })),
      look: os.benchmarks.look.handler(({ input }) => benchmarks.look(input.path, input.layout)),
      add: os.benchmarks.add.handler(({ input }) => benchmarks.add(input.path, input.layout)),
      remove: os.benchmarks.remove.handler(async ({ input }) => {
        await benchmarks.remove(input.setId);
        return {};
      }),
      run: os.benchmarks.run.handler(async ({ input }) => ({ jobId: (await benchmarks.run(input.setId, input.metrics)).id })),
      result: os.benchmarks.result.handler(({ input }) => benchmarks.result(input.setId)),
      triplets: os.benchmarks.triplets.handler(({ input }) => benchmarks.triplets(input.setId, input)),
      table: os.benchmarks.table.handler(async ({ input }) => ({ csv: await benchmarks.table(input.setId) })),
      judgements: {
        next: os.benchmarks.judgements.next.handler(() => benchmarks.deal()),
        say: os.benchmarks.judgements.say.handler(async ({ input }) => {
          await benchmarks.say(input);
          return {};
        }),
        undo: os.benchmarks.judgements.undo.handler(async () => {
          await benchmarks.unsay();
          return {};
        }),
      },
    },
    cache: {
      status: os.cache.status.handler(() => cache.status()),
      chooseForm: os.cache.chooseForm.handler(({ input }) => cache.chooseForm(cache.recipe(input.recipeId), input.choice)),
      setBudget: os.cache.setBudget.handler(({ input }) => cache.setBudget(input.bytes)),
      clear: os.cache.clear.handler(({ input }) => cache.clear(input.recipeId === null ? null : cache.recipe(input.recipeId))),
    },
    models: {
      list: os.models.list.handler(async () => [...(await models.list())]),
      scan: os.models.scan.handler(async ({ input, signal }) => {
        const { models: found, places, milliseconds } = await models.scan(input.folders, signal);
        return { models: [...found], places, milliseconds };
      }),
      add: os.models.add.handler(({ input }) => models.add(input.path)),
      remove: os.models.remove.handler(async ({ input }) => {
        await models.remove(input.name);
        return {};
      }),
      weightCache: {
        status: os.models.weightCache.status.handler(() => weightCache.status()),
        clear: os.models.weightCache.clear.handler(() => weightCache.clear()),
        setBudget: os.models.weightCache.setBudget.handler(({ input }) => weightCache.setBudget(input.bytes)),
      },
    },
    devices: {
      list: os.devices.list.handler(async () => [...(await devices.list())]),
      choose: os.devices.choose.handler(async ({ input }) => {
        const device = await devices.choose(input.device);
        changes.publish({ topic: "device" });
        return device;
      }),
      selfTest: os.devices.selfTest.handler(async ({ input }) => {
        const test = await devices.test(input.device);
        changes.publish({ topic: "device" });
        return test;
      }),
    },
  });
}
export type EngineRouter = ReturnType<typeof createRouter>;
