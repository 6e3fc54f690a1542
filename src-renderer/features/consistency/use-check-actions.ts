/** @file Culling by keyboard: verdicts, the nearest reference beside a candidate, and taking back. */
import { Check, Columns2, Minus, RefreshCw, X } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { AssetId } from "#shared/domain/asset";
import type { CheckVerdict } from "#shared/domain/check";
import { type Action, explainedKey, useActions } from "../../lib/actions";
import { useUndoAction } from "../../ui/undo";
import { checkAgain } from "./check-state";

export interface CheckActionParts {
  readonly selected: AssetId | null;
  readonly hasCheck: boolean;
  readonly isReadOnly: boolean;
  readonly onDecide: (verdict: CheckVerdict) => void;
  readonly onSideBySide: () => void;
}

const verdictKeys = [
  ["accepted", "P", Check],
  ["rejected", "X", X],
  ["undecided", "U", Minus],
] as const;

/** Offered while Consistency is shown. */
export function useCheckActions({ selected, hasCheck, isReadOnly, onDecide, onSideBySide }: CheckActionParts): void {
  const { t } = useTranslation();
  const undo = useUndoAction();
  useActions(
    useMemo<readonly Action[]>(() => {
      const needsCandidate = t("check.needsCandidate");
      return [
        ...verdictKeys.map(([verdict, shortcut, icon]): Action => ({
          id: `check.${verdict}`,
          label: t(`check.decide.${verdict}`),
          group: "selection",
          icon,
          shortcut,
          enabled: selected !== null && !isReadOnly,
          unavailable: isReadOnly ? t("library.readOnly") : needsCandidate,
          run: () => onDecide(verdict),
        })),
        {
          id: "check.sideBySide",
          label: t("check.sideBySide"),
          group: "selection",
          icon: Columns2,
          shortcut: "Z",
          enabled: selected !== null,
          unavailable: needsCandidate,
          run: onSideBySide,
        },
        undo,
        { id: "check.again", label: t("check.again"), group: "library", icon: RefreshCw, enabled: hasCheck, run: checkAgain },
        explainedKey("check.move", t("check.move"), "← ↑ ↓ →"),
        explainedKey("check.preview", t("ui.preview"), "Space"),
        explainedKey("check.open", t("check.openCompare"), "Enter"),
      ];
    }, [t, selected, hasCheck, isReadOnly, undo, onDecide, onSideBySide]),
  );
}
