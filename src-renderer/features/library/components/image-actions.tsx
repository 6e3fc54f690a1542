/** @file What can be done with the selection, for the keyboard and the palette. */
import { Layers, Search, XCircle } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { type Action, explainedKey, useActions } from "../../../lib/actions";
import { clearSelection, useSelection } from "../../../lib/selection";
import { useCompare, useFindSimilar } from "../use-library";

/** Offered while the pictures are shown. */
export function ImageActions(): null {
  const { t } = useTranslation();
  const ids = useSelection((state) => state.ids);
  const findSimilar = useFindSimilar();
  const compare = useCompare();
  useActions(
    useMemo<readonly Action[]>(() => {
      const chosen = [...ids];
      const needsSelection = { enabled: chosen.length > 0, unavailable: t("library.needsSelection") };
      return [
        {
          id: "images.find",
          label: t("library.findStyle"),
          group: "selection",
          icon: Search,
          shortcut: "F",
          ...needsSelection,
          run: () => findSimilar(chosen),
        },
        {
          id: "images.findInstance",
          label: t("library.findSubject"),
          group: "selection",
          icon: Search,
          shortcut: "Shift F",
          ...needsSelection,
          run: () => findSimilar(chosen, "instance"),
        },
        {
          id: "images.compare",
          label: t("library.compare"),
          group: "selection",
          icon: Layers,
          shortcut: "C",
          ...needsSelection,
          run: () => compare(chosen),
        },
        {
          id: "images.clear",
          label: t("library.clearSelection"),
          group: "selection",
          icon: XCircle,
          shortcut: "Esc",
          ...needsSelection,
          run: clearSelection,
        },
        explainedKey("images.move", t("library.moveByRow"), "← ↑ ↓ →"),
        explainedKey("images.extend", t("library.extendSelection"), "Shift →"),
        explainedKey("images.all", t("library.selectAll"), "Ctrl A"),
        explainedKey("images.preview", t("ui.preview"), "Space"),
        explainedKey("images.open", t("library.openCompare"), "Enter"),
      ];
    }, [t, ids, findSimilar, compare]),
  );
  return null;
}
