/** @file What was done is told in a notice, and taken back by its button or by Undo. */
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { appErrorOf } from "../lib/app-error-of";
import { rememberStep, takeStep, type UndoStep } from "../lib/undo-history";
import { notify, notifyError } from "./toast";

/** Who goes through pictures does much in a short time: only the last of it is shown. */
const subject = "step";

/** Takes back the last step, or the one given while it is in the history. */
export function useUndo(): (step?: UndoStep) => void {
  const { t } = useTranslation();
  return useCallback(
    (step) => {
      const taken = takeStep(step);
      taken?.takeBack().then(
        () => notify({ title: t("ui.undone", { what: taken.title }), subject }),
        (error: unknown) => notifyError(appErrorOf(error)),
      );
    },
    [t],
  );
}

/** Says what was done, and remembers how to take it back. */
export function useTellStep(): (step: UndoStep) => void {
  const { t } = useTranslation();
  const undo = useUndo();
  return useCallback(
    (step) => {
      rememberStep(step);
      notify({ title: step.title, subject, action: { label: t("ui.undo"), run: () => undo(step) } });
    },
    [t, undo],
  );
}
