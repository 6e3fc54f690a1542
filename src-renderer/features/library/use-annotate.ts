/** @file Tags, stars and flags from the interface: said at once, told in a notice, taken back by Undo. */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { AnnotationChange, Flag } from "#shared/domain/annotation";
import type { AssetId } from "#shared/domain/asset";
import { appErrorOf } from "../../lib/app-error-of";
import { announceAssetChange } from "../../lib/changes";
import { useEngine } from "../../lib/engine";
import { notifyError } from "../../ui/toast";
import { useTellStep } from "../../ui/undo";

/** Fetches again what shows annotations, without waiting for the engine to say so. */
function useRefreshAnnotations(): () => void {
  const { api } = useEngine();
  const queryClient = useQueryClient();
  return useCallback(() => {
    for (const key of [api.assets.key(), api.annotations.key()]) void queryClient.invalidateQueries({ queryKey: key });
    announceAssetChange();
  }, [api, queryClient]);
}

/** Says something about pictures. */
export function useAnnotate(): (ids: readonly AssetId[], change: AnnotationChange) => void {
  const { client } = useEngine();
  const refresh = useRefreshAnnotations();
  const tell = useTellStep();
  const words = useChangeWords();
  return useCallback(
    (ids, change) => {
      if (ids.length === 0) return;
      const say = async (): Promise<void> => {
        const { previous } = await client.annotations.set({ assetIds: [...ids], change });
        refresh();
        const takeBack = async (): Promise<void> => {
          await client.annotations.restore({ annotations: previous });
          refresh();
        };
        tell({ title: words(change, ids.length), takeBack });
      };
      say().catch((error: unknown) => notifyError(appErrorOf(error)));
    },
    [client, refresh, tell, words],
  );
}

const flagKeys = { picked: "library.annotate.picked", rejected: "library.annotate.rejected" } as const satisfies Record<Flag, string>;

/** What a change did, in a few words. */
function useChangeWords(): (change: AnnotationChange, count: number) => string {
  const { t } = useTranslation();
  return useCallback(
    ({ flag, rating, addTags = [], removeTags = [] }, count) => {
      if (flag !== undefined) return t(flag === null ? "library.annotate.unflagged" : flagKeys[flag], { count });
      if (rating !== undefined)
        return rating === null
          ? t("library.annotate.unrated", { count })
          : t("library.annotate.rated", { count, stars: t("library.facets.stars", { count: rating }) });
      return addTags.length > 0
        ? t("library.annotate.tagged", { count, tag: addTags.join(", ") })
        : t("library.annotate.untagged", { count, tag: removeTags.join(", ") });
    },
    [t],
  );
}
