/** @file Tags, stars and flags from the interface: said at once, told in a notice, taken back by Undo. */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { AnnotationChange, Flag } from "#shared/domain/annotation";
import type { AssetId } from "#shared/domain/asset";
import { appErrorOf } from "../../lib/app-error-of";
import { announceAssetChange } from "../../lib/changes";
import { useEngine } from "../../lib/engine";
import { notify, notifyError } from "../../ui/toast";
import { type AnnotationStep, rememberStep, takeStep } from "./annotation-history";

const onError = (error: unknown): void => notifyError(appErrorOf(error));

/** Culling says much in a short time: only the last of it is shown. */
const subject = "annotation";

/** Fetches again what shows annotations, without waiting for the engine to say so. */
function useRefreshAnnotations(): () => void {
  const { api } = useEngine();
  const queryClient = useQueryClient();
  return useCallback(() => {
    for (const key of [api.assets.key(), api.annotations.key()]) void queryClient.invalidateQueries({ queryKey: key });
    announceAssetChange();
  }, [api, queryClient]);
}

/** Takes back the last step, or the one given while it is in the history. */
export function useUndoAnnotation(): (step?: AnnotationStep) => void {
  const { t } = useTranslation();
  const { client } = useEngine();
  const refresh = useRefreshAnnotations();
  return useCallback(
    (step) => {
      const taken = takeStep(step);
      if (taken === null) return;
      const restore = async (): Promise<void> => {
        await client.annotations.restore({ annotations: [...taken.previous] });
        refresh();
        notify({ title: t("library.annotate.undone", { what: taken.title }), subject });
      };
      restore().catch(onError);
    },
    [client, refresh, t],
  );
}

/** Says something about pictures. */
export function useAnnotate(): (ids: readonly AssetId[], change: AnnotationChange) => void {
  const { t } = useTranslation();
  const { client } = useEngine();
  const refresh = useRefreshAnnotations();
  const undo = useUndoAnnotation();
  const words = useChangeWords();
  return useCallback(
    (ids, change) => {
      if (ids.length === 0) return;
      const say = async (): Promise<void> => {
        const { previous } = await client.annotations.set({ assetIds: [...ids], change });
        const step = { title: words(change, ids.length), previous };
        rememberStep(step);
        refresh();
        notify({ title: step.title, subject, action: { label: t("ui.undo"), run: () => undo(step) } });
      };
      say().catch(onError);
    },
    [client, refresh, undo, words, t],
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
