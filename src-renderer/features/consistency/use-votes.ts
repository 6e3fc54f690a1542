/** @file Asks every family of metrics about the candidates of a check, once a set of pictures, and follows how far that has come. */
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { AppErrorShape } from "#shared/domain/app-error";
import type { CheckResult } from "#shared/domain/check";
import type { VoteReport, VotesQuery } from "#shared/domain/vote-report";
import { appErrorOf } from "../../lib/app-error-of";
import { useConnection } from "../../lib/connection";
import { useEngine } from "../../lib/engine";

/** So many candidates are voted on unasked: where they are measured that takes seconds. */
const unaskedUpTo = 120;
const keptMs = 600_000;

export interface VotesView {
  readonly report: VoteReport | null;
  /** null while nothing is measured. */
  readonly progress: { readonly done: number; readonly total: number } | null;
  readonly error: AppErrorShape | null;
  /** Asks, where there are so many candidates that it is not done unasked; or tries again. null where there is nothing to ask. */
  readonly start: (() => void) | null;
}

/** The votes on all candidates; families answer with the metric nearest to the first measure. */
export function useVotes(result: CheckResult): VotesView {
  const { client } = useEngine();
  const generation = useConnection((state) => state.generation);
  const query = useMemo(() => queryOf(result), [result]);
  const key = useMemo(() => JSON.stringify(query), [query]);
  const [askedFor, setAskedFor] = useState<string | null>(null);
  const [progress, setProgress] = useState<VotesView["progress"]>(null);
  const { length } = query.assetIds;
  const isAsked = length <= unaskedUpTo || askedFor === key;
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ["check-votes", key, generation],
    enabled: length > 0 && isAsked,
    staleTime: Infinity,
    gcTime: keptMs,
    retry: false,
    queryFn: async ({ signal }) => {
      setProgress(null);
      for await (const { report, ...event } of await client.checks.votes(query, { signal })) {
        if (report !== null) return report;
        setProgress(event);
      }
      return null;
    },
  });
  const start = error === null ? (): void => setAskedFor(key) : (): void => void refetch();
  return {
    report: data ?? null,
    progress: isFetching ? (progress ?? { done: 0, total: length }) : null,
    error: error === null || isFetching ? null : appErrorOf(error),
    start: length > 0 && !isFetching && (!isAsked || error !== null) ? start : null,
  };
}

function queryOf({ references, candidates, measures }: CheckResult): VotesQuery {
  return {
    references: references.map(({ asset }) => asset.id),
    assetIds: candidates.map(({ asset }) => asset.id),
    metric: measures[0]?.measure.metric ?? null,
  };
}
