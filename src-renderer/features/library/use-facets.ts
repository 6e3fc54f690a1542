/** @file The Library's facets, counted by the engine, counted again when pictures change. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import type { FacetGroup } from "#shared/domain/facet";
import { onAssetChange } from "../../lib/changes";
import { useEngine } from "../../lib/engine";

export interface FacetFilter {
  readonly folder: string | null;
  readonly text: string | null;
  readonly where: string | null;
}

/** The groups under a filter; the last ones stay while new ones are counted, and `isCounting` says so. */
export function useFacets(filter: FacetFilter): { readonly groups: readonly FacetGroup[]; readonly isCounting: boolean } {
  const { api } = useEngine();
  const { data, refetch, isPlaceholderData } = useQuery(
    api.assets.facets.queryOptions({ input: filter, placeholderData: keepPreviousData }),
  );
  useEffect(() => onAssetChange(() => void refetch()), [refetch]);
  return { groups: data ?? [], isCounting: isPlaceholderData };
}
