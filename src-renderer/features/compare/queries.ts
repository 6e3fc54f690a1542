/** @file What Compare asks the engine: the pair's score with its maps, and the tokens that hovering needs. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { tokensUrl } from "#shared/contract/media-routes";
import { type AppErrorShape, appError, appErrorShapeSchema } from "#shared/domain/app-error";
import type { AssetId } from "#shared/domain/asset";
import type { MetricName } from "#shared/domain/feature-recipe";
import type { MetricCard } from "#shared/domain/model-card";
import type { PairScore } from "#shared/domain/score";
import { appErrorOf } from "../../lib/app-error-of";
import { useEngine } from "../../lib/engine";
import { type TileMeasure, type TokenVectors, centredTogether, parseTokenVectors } from "./token-vectors";

/** Something that is there, on its way, or has failed. Never the thing that was asked for before. */
export interface Loaded<T> {
  readonly data: T | null;
  readonly error: AppErrorShape | null;
  readonly retry: () => void;
}

/** The metrics that can draw maps of this library; null until the engine has answered. */
export function useMapMetrics(): readonly MetricCard[] | null {
  const { api } = useEngine();
  const { data } = useQuery(api.metrics.list.queryOptions());
  return useMemo(() => data?.filter(({ hasHeatMap, state }) => hasHeatMap && state === "ready") ?? null, [data]);
}

/** The score of the pair with both directions and both maps. */
export function usePairScore(a: AssetId, b: AssetId, metric: MetricName | null): Loaded<PairScore> {
  const { api } = useEngine();
  const { data, error, refetch } = useQuery(
    api.compare.pair.queryOptions({ input: { a, b, metric: metric ?? "starter-style" }, enabled: metric !== null }),
  );
  return { data: data ?? null, error: error === null ? null : appErrorOf(error), retry: () => void refetch() };
}

function tokensQuery(assetId: AssetId, metric: MetricName | null) {
  return queryOptions({
    queryKey: ["tokens", metric, assetId],
    enabled: metric !== null,
    gcTime: 120_000,
    queryFn: async ({ signal }) => {
      const response = await fetch(tokensUrl(assetId, metric ?? "starter-style"), { signal });
      if (!response.ok) throw await errorOf(response);
      return parseTokenVectors(await response.arrayBuffer(), response.headers.get("x-semblance-shape"));
    },
  });
}

async function errorOf(response: Response): Promise<Error> {
  const answer: unknown = await response.json().catch(() => null);
  const shape = appErrorShapeSchema.safeParse((answer as { error?: unknown } | null)?.error);
  if (!shape.success) return appError("engine/unavailable", `The features could not be read (status ${response.status}).`);
  return appError(shape.data.code, shape.data.message, shape.data.hint === undefined ? {} : { hint: shape.data.hint });
}

/** Token vectors of both pictures, fetched once a picture and metric, and centred together if asked for. */
export function useTokenPair(
  a: AssetId,
  b: AssetId,
  options: { readonly metric: MetricName | null; readonly measure: TileMeasure },
): Loaded<Readonly<Record<"a" | "b", TokenVectors>>> {
  const { metric, measure } = options;
  const tokensA = useQuery(tokensQuery(a, metric));
  const tokensB = useQuery(tokensQuery(b, metric));
  const error = tokensA.error ?? tokensB.error;
  const data = useMemo(() => {
    if (!tokensA.data || !tokensB.data) return null;
    const [first, second] = measure === "centred" ? centredTogether(tokensA.data, tokensB.data) : [tokensA.data, tokensB.data];
    return { a: first, b: second };
  }, [tokensA.data, tokensB.data, measure]);
  const retry = (): void => {
    if (tokensA.error) void tokensA.refetch();
    if (tokensB.error) void tokensB.refetch();
  };
  return { data, error: error === null ? null : appErrorOf(error), retry };
}
