/** @file Looks through the folders for new, changed and vanished files. */
import { useMutation } from "@tanstack/react-query";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { appErrorOf } from "../../lib/app-error-of";
import { useEngine } from "../../lib/engine";
import { notify, notifyError } from "../../ui/toast";

/** Starts the search and says so. */
export function useRescan(): () => void {
  const { t } = useTranslation();
  const { api } = useEngine();
  const { mutate } = useMutation(
    api.roots.rescan.mutationOptions({
      onSuccess: () => notify({ title: t("library.rescanning") }),
      onError: (error) => notifyError(appErrorOf(error)),
    }),
  );
  return useCallback(() => mutate({}), [mutate]);
}
