/** @file Asks the engine 150 ms after the last change of the question, and follows the answer as it comes. */
import { useCallback, useEffect, useState } from "react";
import type { SearchQuery } from "#shared/domain/search";
import { appErrorOf } from "../../lib/app-error-of";
import { useConnection } from "../../lib/connection";
import { type EngineClient, useEngine } from "../../lib/engine";
import { updateSearch, useFind } from "./find-state";

const settleMs = 150;

/**
 * Runs `query` (null: nothing to ask) and writes the answer into the state of Find.
 *
 * @param libraryMark changes when the same question deserves a new answer, e.g. when measuring has finished
 * @returns asks again, e.g. after an error
 */
export function useSearch(query: SearchQuery | null, libraryMark: string): () => void {
  const { client } = useEngine();
  const generation = useConnection((state) => state.generation);
  const [attempt, setAttempt] = useState(0);
  const key = query === null ? null : JSON.stringify([query, libraryMark, generation, attempt]);

  useEffect(() => {
    if (key === null) {
      updateSearch({ type: "emptied" }, null);
      return;
    }
    if (useFind.getState().answeredKey === key) return;
    const stop = new AbortController();
    const [asked] = JSON.parse(key) as [SearchQuery];
    const timer = setTimeout(() => void followSearch(client, asked, key, stop.signal), settleMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [client, key]);

  return useCallback(() => setAttempt((count) => count + 1), []);
}

async function followSearch(client: EngineClient, query: SearchQuery, key: string, signal: AbortSignal): Promise<void> {
  updateSearch({ type: "asked" }, key);
  try {
    for await (const event of await client.search.run(query, { signal })) {
      if (signal.aborted) return;
      updateSearch({ type: "answered", query, event }, key);
    }
    if (!signal.aborted) updateSearch({ type: "ended" }, key);
  } catch (error) {
    if (!signal.aborted) updateSearch({ type: "failed", error: appErrorOf(error) }, key);
  }
}
