/** @file Back to the suggested cut-offs, which also gives up what was decided by hand. */
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { changeSetup } from "./check-state";
import { type CheckView, rememberCutoffs } from "./use-check";

/** Both can be taken back, one after the other. */
export function useUseSuggested({ setup, split, result, decide }: CheckView): () => void {
  const { t } = useTranslation();
  const { cutoffs } = setup;
  return useCallback(() => {
    const byHand = split?.rows.flatMap(({ isByHand, candidate }) => (isByHand ? (result?.candidates[candidate]?.asset.id ?? []) : []));
    if (cutoffs.some((each) => each !== null)) {
      changeSetup({ cutoffs: [] });
      rememberCutoffs(cutoffs, t("check.undo.cutoffs"));
    }
    if (byHand !== undefined && byHand.length > 0) decide(byHand, null);
  }, [cutoffs, split, result, decide, t]);
}
