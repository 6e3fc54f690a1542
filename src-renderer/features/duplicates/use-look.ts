/** @file Asks the engine for duplicates once the question has settled, and follows how far it has come. */
import { useEffect } from "react";
import type { DuplicateQuery } from "#shared/domain/duplicates";
import { appErrorOf } from "../../lib/app-error-of";
import { useConnection } from "../../lib/connection";
import { type EngineClient, useEngine } from "../../lib/engine";
import { useReview } from "./review-state";

const settleMs = 250;

/** Writes the answer to `query` into the state of the review; one that is there already is not asked again. */
export function useLook(query: DuplicateQuery): void {
  const { client } = useEngine();
  const generation = useConnection((state) => state.generation);
  const asks = useReview((state) => state.asks);
  const key = JSON.stringify([query, generation, asks]);
  useEffect(() => {
    if (useReview.getState().key === key) return;
    const stop = new AbortController();
    const [asked] = JSON.parse(key) as [DuplicateQuery];
    const isFirst = useReview.getState().answer === null;
    const timer = setTimeout(() => void look(client, asked, key, stop.signal), isFirst ? 0 : settleMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
      useReview.setState({ progress: null });
    };
  }, [client, key]);
}

async function look(client: EngineClient, query: DuplicateQuery, key: string, signal: AbortSignal): Promise<void> {
  useReview.setState({ progress: { done: 0, total: 0 }, error: null });
  try {
    for await (const { done, total, answer } of await client.duplicates.list(query, { signal })) {
      if (signal.aborted) return;
      useReview.setState(answer === null ? { progress: { done, total } } : { key, answer, progress: null, apart: [] });
    }
  } catch (error) {
    if (!signal.aborted) useReview.setState({ key, answer: null, progress: null, error: appErrorOf(error) });
  }
}
