/** @file Keeps what is on screen true: the engine says what changed, the views that show it fetch it again. */
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Job } from "#shared/domain/job";
import { announceAssetChange } from "../lib/changes";
import { useConnection } from "../lib/connection";
import { type Engine, useEngine } from "../lib/engine";

/** Lists follow a running job at most this often. */
const quietMs = 1000;

/** Subscribes to the engine's changes and jobs for as long as the app is open, anew after each reconnect. */
export function useLiveUpdates(): void {
  const engine = useEngine();
  const queryClient = useQueryClient();
  const generation = useConnection((state) => state.generation);
  useEffect(() => {
    if (generation === 0) return;
    const stop = new AbortController();
    void queryClient.invalidateQueries();
    announceAssetChange();
    // A stream that breaks is taken up again by the next connection.
    void followChanges(engine, queryClient, stop.signal).catch(() => undefined);
    void followJobs(engine, queryClient, stop.signal).catch(() => undefined);
    return () => stop.abort();
  }, [engine, queryClient, generation]);
}

async function followChanges({ client, api }: Engine, queryClient: QueryClient, signal: AbortSignal): Promise<void> {
  const dirty = new Set<readonly unknown[]>();
  let timer: ReturnType<typeof setTimeout> | null = null;
  const assets = api.assets.key();
  const flush = (): void => {
    timer = null;
    for (const key of dirty) void queryClient.invalidateQueries({ queryKey: key });
    if (dirty.has(assets)) announceAssetChange();
    dirty.clear();
  };
  const keysOf = {
    assets: [assets, api.roots.key(), api.system.key(), api.metrics.key()],
    roots: [api.roots.key(), assets, api.system.key()],
    issues: [api.assets.issues.key(), api.system.key()],
    models: [api.models.key(), api.metrics.key()],
    device: [api.devices.list.key(), api.system.key()],
  } as const;
  for await (const { topic } of await client.system.changes({}, { signal })) {
    for (const key of keysOf[topic]) dirty.add(key);
    timer ??= setTimeout(flush, quietMs / 2);
  }
}

async function followJobs({ client, api }: Engine, queryClient: QueryClient, signal: AbortSignal): Promise<void> {
  let lastRefresh = 0;
  for await (const job of await client.jobs.events({}, { signal })) {
    queryClient.setQueryData<readonly Job[]>(api.jobs.list.queryKey(), (jobs) => mergeJob(jobs ?? [], job));
    const hasEnded = job.state === "done" || job.state === "failed" || job.state === "cancelled";
    if (!hasEnded && Date.now() - lastRefresh < quietMs) continue;
    lastRefresh = Date.now();
    for (const key of [api.system.key(), api.metrics.key(), api.roots.key()]) void queryClient.invalidateQueries({ queryKey: key });
  }
}

/** The list with `job` in its place, or at its end. */
export function mergeJob(jobs: readonly Job[], job: Job): readonly Job[] {
  return jobs.some(({ id }) => id === job.id) ? jobs.map((known) => (known.id === job.id ? job : known)) : [...jobs, job];
}
