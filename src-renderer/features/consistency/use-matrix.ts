/** @file Asks the engine for every pair of a check, once a set of pictures and measure, and follows how far it has come. */
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { AppErrorShape } from "#shared/domain/app-error";
import type { CheckMeasure, CheckResult } from "#shared/domain/check";
import type { CheckMatrix, MatrixEvent } from "#shared/domain/check-matrix";
import { appErrorOf } from "../../lib/app-error-of";
import { useConnection } from "../../lib/connection";
import { useEngine } from "../../lib/engine";
import { matrixIds } from "./pair-matrix";

/** So many pictures are compared with one another unasked: with any metric that takes seconds. */
const unaskedUpTo = 120;
const keptMs = 600_000;

export interface MatrixView {
  readonly matrix: CheckMatrix | null;
  /** null while nothing is measured. */
  readonly progress: Pick<MatrixEvent, "stage" | "done" | "total"> | null;
  readonly error: AppErrorShape | null;
  /** Compares the pictures, where there are so many that it is not done unasked; or tries again. null where there is nothing to start. */
  readonly start: (() => void) | null;
}

/** Every pair of the pictures of a check under one of its measures. */
export function useMatrix(result: CheckResult, measure: CheckMeasure): MatrixView {
  const { client } = useEngine();
  const generation = useConnection((state) => state.generation);
  const assetIds = useMemo(() => matrixIds(result), [result]);
  const key = useMemo(() => JSON.stringify([assetIds, measure]), [assetIds, measure]);
  const [askedFor, setAskedFor] = useState<string | null>(null);
  const [progress, setProgress] = useState<MatrixView["progress"]>(null);
  const isEnough = assetIds.length >= 2;
  const isAsked = assetIds.length <= unaskedUpTo || askedFor === key;
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ["check-matrix", key, generation],
    enabled: isEnough && isAsked,
    staleTime: Infinity,
    gcTime: keptMs,
    retry: false,
    queryFn: async ({ signal }) => {
      setProgress(null);
      for await (const event of await client.checks.matrix({ assetIds: [...assetIds], measure }, { signal })) {
        if (event.result !== null) return event.result;
        setProgress(event);
      }
      return null;
    },
  });
  const start = isAsked ? (): void => void refetch() : (): void => setAskedFor(key);
  return {
    matrix: data ?? null,
    progress: isFetching ? (progress ?? { stage: "pictures", done: 0, total: assetIds.length }) : null,
    error: error === null || isFetching ? null : appErrorOf(error),
    start: isEnough && !isFetching && data === undefined ? start : null,
  };
}
