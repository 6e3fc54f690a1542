/** @file Says that pictures are no duplicates: told in a notice, taken back by Undo. */
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { AssetId } from "#shared/domain/asset";
import { appErrorOf } from "../../lib/app-error-of";
import { useEngine } from "../../lib/engine";
import { notifyError } from "../../ui/toast";
import { useTellStep } from "../../ui/undo";
import { putTogether, takeApart } from "./review-state";

/** Remembers that no two of these pictures are duplicates of one another. */
export function useKeepApart(): (ids: readonly AssetId[]) => void {
  const { t } = useTranslation();
  const { client } = useEngine();
  const tell = useTellStep();
  return useCallback(
    (ids) => {
      const say = async (): Promise<void> => {
        await client.duplicates.keepApart({ assetIds: [...ids] });
        takeApart(ids);
        const takeBack = async (): Promise<void> => {
          await client.duplicates.undoKeepApart({ assetIds: [...ids] });
          putTogether(ids);
        };
        tell({ title: t("duplicates.keptApart", { count: ids.length }), takeBack });
      };
      say().catch((error: unknown) => notifyError(appErrorOf(error)));
    },
    [client, tell, t],
  );
}
