/** @file Asks the engine once the check has settled, and follows how far it has come. */
import { useEffect } from "react";
import type { CheckQuery } from "#shared/domain/check";
import { appErrorOf } from "../../lib/app-error-of";
import { onAssetChange } from "../../lib/changes";
import { useConnection } from "../../lib/connection";
import { type EngineClient, useEngine } from "../../lib/engine";
import { checkAgain, useCheckState } from "./check-state";

const settleMs = 250;
/** New files come in bursts. */
const watchMs = 1500;

/** Writes the answer to `query` (null: nothing to ask) into the state of the check; one that is there already is not asked again. */
export function useCheckRun(query: CheckQuery | null): void {
  const { client } = useEngine();
  const generation = useConnection((state) => state.generation);
  const asks = useCheckState((state) => state.asks);
  const isStopped = useCheckState((state) => state.isStopped);
  const key = query === null ? null : JSON.stringify([query, generation, asks]);
  useEffect(() => {
    if (key === null) {
      useCheckState.setState({ key: null, result: null, error: null });
      return;
    }
    if (isStopped || useCheckState.getState().key === key) return;
    const stop = new AbortController();
    const [asked] = JSON.parse(key) as [CheckQuery];
    const timer = setTimeout(() => void follow(client, asked, key, stop.signal), settleMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
      useCheckState.setState({ progress: null });
    };
  }, [client, key, isStopped]);
}

async function follow(client: EngineClient, query: CheckQuery, key: string, signal: AbortSignal): Promise<void> {
  useCheckState.setState({ progress: { done: 0, total: 0 }, error: null });
  try {
    for await (const { done, total, result } of await client.checks.run(query, { signal })) {
      if (signal.aborted) return;
      useCheckState.setState(result === null ? { progress: { done, total } } : { key, result, progress: null });
    }
  } catch (error) {
    if (!signal.aborted) useCheckState.setState({ key, progress: null, error: appErrorOf(error) });
  }
}

/** Checks again when the library has changed: what is measured already costs nothing, so only new files are work. A run under way is not disturbed. */
export function useWatchedCandidates(isOn: boolean): void {
  useEffect(() => {
    if (!isOn) return;
    let timer: ReturnType<typeof setTimeout> | null = null;
    const ask = (): void => {
      timer = null;
      if (useCheckState.getState().progress === null) checkAgain();
      else timer = setTimeout(ask, watchMs);
    };
    const stop = onAssetChange(() => {
      timer ??= setTimeout(ask, watchMs);
    });
    return () => {
      stop();
      if (timer !== null) clearTimeout(timer);
    };
  }, [isOn]);
}
