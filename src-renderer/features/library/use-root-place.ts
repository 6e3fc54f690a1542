/** @file Roots that lie elsewhere now, or are to be watched or not. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { LibraryRoot } from "#shared/domain/library";
import { appErrorOf } from "../../lib/app-error-of";
import { useEngine } from "../../lib/engine";
import { notify, notifyError } from "../../ui/toast";
import { closeRelocation, openPicker } from "./setup-state";

const onError = (error: unknown): void => notifyError(appErrorOf(error));

/** Takes a folder for the new place of a root, and says how much of it was found there. */
export function useRelocate(): (root: LibraryRoot, path: string) => void {
  const { t } = useTranslation();
  const { api } = useEngine();
  const queryClient = useQueryClient();
  const { mutate } = useMutation(api.roots.relocate.mutationOptions({ onError }));
  return useCallback(
    (root, path) =>
      mutate(
        { rootId: root.id, path },
        {
          onSuccess: ({ found, checked }) => {
            closeRelocation();
            void queryClient.invalidateQueries();
            notify({ title: t("library.relocated", { name: root.name }), description: t("library.relocatedNote", { found, checked }) });
          },
        },
      ),
    [mutate, queryClient, t],
  );
}

/** Opens the system's folder dialog, or the picker of the page, for the new place of a root. */
export function useChoosePlace(): (root: LibraryRoot) => void {
  const { shell } = useEngine();
  const relocate = useRelocate();
  return useCallback(
    (root) => {
      if (!shell) {
        closeRelocation();
        openPicker({ kind: "relocate", root });
        return;
      }
      const use = ([path]: readonly string[]): void => {
        if (path !== undefined) relocate(root, path);
      };
      shell.chooseFolders({}).then(use, onError);
    },
    [shell, relocate],
  );
}

/** Switches the watching of a root. */
export function useSetWatched(): (root: LibraryRoot, isWatched: boolean) => void {
  const { api } = useEngine();
  const queryClient = useQueryClient();
  const { mutate } = useMutation(
    api.roots.setWatched.mutationOptions({
      onError,
      onSuccess: () => void queryClient.invalidateQueries({ queryKey: api.roots.key() }),
    }),
  );
  return useCallback((root, isWatched) => mutate({ rootId: root.id, isWatched }), [mutate]);
}
