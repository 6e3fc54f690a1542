/** @file What Find asks the engine beside the search itself. */
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import type { AppErrorShape } from "#shared/domain/app-error";
import type { AssetDetail, AssetId } from "#shared/domain/asset";
import type { MetricName } from "#shared/domain/feature-recipe";
import type { MetricCard } from "#shared/domain/model-card";
import type { PairScore } from "#shared/domain/score";
import type { RandomPairs } from "#shared/domain/search";
import { appErrorOf } from "../../lib/app-error-of";
import { useEngine } from "../../lib/engine";
import { postOutsideImage } from "../../lib/outside-image";
import { notify, notifyError } from "../../ui/toast";
import { addOutside } from "./find-state";

const noCards: readonly MetricCard[] = [];

/** The metrics as the engine knows them; empty until it has answered. */
export function useMetricCards(): { readonly cards: readonly MetricCard[]; readonly isLoaded: boolean } {
  const { api } = useEngine();
  const { data } = useQuery(api.metrics.list.queryOptions());
  return { cards: data ?? noCards, isLoaded: data !== undefined };
}

/** How far a measurement has come, coarse enough that a running one does not ask again at every picture. */
export function libraryMark({ measured, total }: Pick<MetricCard, "measured" | "total">): string {
  return total === 0 ? "empty" : measured >= total ? `all ${total}` : `part ${Math.floor((measured / total) * 10)}`;
}

/** Scores of random pairs under a metric; undefined until they are there. */
export function useRandomPairs(card: MetricCard | null): RandomPairs | undefined {
  const { api } = useEngine();
  const base = api.search.randomPairs.queryOptions({
    input: { metric: card?.metric ?? "starter-style" },
    enabled: card !== null && card.measured > 0,
  });
  const { data } = useQuery({
    ...base,
    queryKey: [...base.queryKey, card === null ? "" : libraryMark(card)],
    placeholderData: keepPreviousData,
  });
  return data?.metric === card?.metric ? data : undefined;
}

/** The score of a pair with its maps. `a` is the picture of the question. */
export function usePair(
  a: AssetId | null,
  b: AssetId | null,
  metric: MetricName | null,
): { readonly pair: PairScore | undefined; readonly error: AppErrorShape | null } {
  const { api } = useEngine();
  const isAsked = a !== null && b !== null && metric !== null;
  const input = { a: a ?? ("" as AssetId), b: b ?? ("" as AssetId), metric: metric ?? "starter-style" } as const;
  const { data, error } = useQuery(api.compare.pair.queryOptions({ input, enabled: isAsked, gcTime: 60_000 }));
  return { pair: isAsked ? data : undefined, error: isAsked && error !== null ? appErrorOf(error) : null };
}

/** The files of a picture and what it was measured with. A picture from outside the library has none. */
export function useAssetDetail(assetId: AssetId | null): AssetDetail | undefined {
  const { api } = useEngine();
  return useQuery(api.assets.detail.queryOptions({ input: { assetId: assetId ?? ("" as AssetId) }, enabled: assetId !== null })).data;
}

/** Starts measuring the library with one more metric. */
export function useMeasure(started: string): (metric: MetricName) => void {
  const { api } = useEngine();
  const { mutate } = useMutation(
    api.metrics.measure.mutationOptions({
      onSuccess: () => notify({ title: started }),
      onError: (error) => notifyError(appErrorOf(error)),
    }),
  );
  return (metric) => mutate({ metric });
}

/**
 * Sends pictures from outside the library to the engine, one after the other, and puts them into the question.
 * A file that is no picture becomes a notice that names it; the others go on.
 */
export async function addFiles(files: readonly File[], refusal: (name: string) => string): Promise<void> {
  for (const file of files) {
    try {
      const asset = await postOutsideImage(file);
      addOutside(file.name === "" ? asset : { ...asset, name: file.name });
    } catch (error) {
      const { code, message, hint } = appErrorOf(error);
      // The engine knows the file only under the name of its own copy.
      notifyError({ code, message: refusal(file.name), hint: hint ?? message });
    }
  }
}
