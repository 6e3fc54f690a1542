/** @file An engine as a view uses it: over its contract, with the questions tests ask again and again. */
import { createRouterClient, ORPCError } from "@orpc/server";
import { expect } from "vitest";
import type { AppErrorCode } from "#shared/domain/app-error";
import type { AssetSummary } from "#shared/domain/asset";
import type { Job, JobId } from "#shared/domain/job";
import type { SearchEvent, SearchQuery } from "#shared/domain/search";
import type { Engine } from "#main/engine/engine";

/** The contract's client of an engine in this process. */
export function connect(engine: Engine) {
  return createRouterClient(engine.router);
}
export type EngineClient = ReturnType<typeof connect>;

/** What is asked of the engine that `current` gives at the time. */
export function engineQuestions(current: () => Engine) {
  const client = (): EngineClient => connect(current());

  async function finished(jobId: JobId): Promise<Job> {
    const job = await current().jobs.finished(jobId);
    expect(job).toMatchObject({ state: "done", error: null });
    expect(job.done).toBe(job.total);
    return job;
  }

  async function allAssets(): Promise<readonly AssetSummary[]> {
    return (await client().assets.page({ folder: null, text: null, sort: "name", offset: 0, limit: 100 })).items;
  }

  return {
    finished,
    allAssets,
    rescan: async () => finished((await client().roots.rescan()).jobId),
    async assetNamed(name: string): Promise<AssetSummary> {
      const found = (await allAssets()).find((asset) => asset.name === name);
      if (found === undefined) throw new Error(`${name} is not in the library`);
      return found;
    },
    async search(query: Partial<SearchQuery> & Pick<SearchQuery, "references">): Promise<readonly SearchEvent[]> {
      const events: SearchEvent[] = [];
      const stream = await client().search.run({
        metric: "starter-style",
        combine: "mean",
        top: 10,
        exact: false,
        folder: null,
        against: null,
        ...query,
      });
      for await (const event of stream) events.push(event);
      return events;
    },
  };
}

/** Code and sentence of the contract's error that a call ends with. */
export async function refusal(call: Promise<unknown>): Promise<{ readonly code: AppErrorCode; readonly message: string }> {
  const error: unknown = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ORPCError) || error.code !== "APP_ERROR") throw new Error(`Not the contract's error: ${String(error)}`);
  return error.data as { code: AppErrorCode; message: string };
}
