/** @file What was done is told in a notice, and taken back by its button or by Undo. */
import { Undo2 } from "lucide-react";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Action } from "../lib/actions";
import { appErrorOf } from "../lib/app-error-of";
import { rememberStep, takeStep, type UndoStep, useUndoHistory } from "../lib/undo-history";
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

/** Undo as the palette and the keyboard offer it, named after what it would take back. */
export function useUndoAction(): Action {
  const { t } = useTranslation();
  const last = useUndoHistory((state) => state.steps.at(-1));
  const undo = useUndo();
  return useMemo(
    () => ({
      id: "undo",
      label: last === undefined ? t("ui.undo") : t("ui.undoStep", { what: last.title }),
      group: "library",
      icon: Undo2,
      shortcut: "Ctrl Z",
      enabled: last !== undefined,
      unavailable: t("ui.nothingToUndo"),
      run: () => undo(),
    }),
    [t, last, undo],
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
