/** @file The mask in use for a picture, and keeping another one in the library, with a way back. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { AssetId } from "#shared/domain/asset";
import type { MetricName } from "#shared/domain/feature-recipe";
import type { Mask, MaskInUse } from "#shared/domain/mask";
import { appErrorOf } from "../lib/app-error-of";
import { useEngine } from "../lib/engine";
import { notifyError } from "./toast";
import { useTellStep } from "./undo";

/** null while it is not known, and where nothing is asked. */
export function useMaskInUse(assetId: AssetId | null, metric: MetricName | null): MaskInUse | null {
  const { api } = useEngine();
  const isAsked = assetId !== null && metric !== null;
  const input = { assetId: assetId ?? ("" as AssetId), metric: metric ?? "" };
  const { data } = useQuery(api.masks.get.queryOptions({ input, enabled: isAsked }));
  return isAsked ? (data ?? null) : null;
}

/** Keeps a mask for a picture, or with null forgets the one that is kept. Everything that goes by masks is asked again; `onChange` tells of what is not a query. */
export function useKeepMask(onChange: () => void): (assetId: AssetId, mask: Mask | null) => Promise<void> {
  const { t } = useTranslation();
  const { api, client } = useEngine();
  const queries = useQueryClient();
  const tellStep = useTellStep();
  return useCallback(
    async (assetId, mask) => {
      const put = async (next: Mask | null): Promise<Mask | null> => {
        const { previous } = next === null ? await client.masks.remove({ assetId }) : await client.masks.set({ assetId, mask: next });
        await queries.invalidateQueries({ queryKey: api.masks.key() });
        await queries.invalidateQueries({ queryKey: api.compare.foreground.key() });
        onChange();
        return previous;
      };
      try {
        const previous = await put(mask);
        tellStep({
          title: t(mask === null ? "mask.removed" : "mask.saved"),
          takeBack: async () => {
            await put(previous);
          },
        });
      } catch (error) {
        notifyError(appErrorOf(error));
      }
    },
    [api, client, queries, tellStep, t, onChange],
  );
}
