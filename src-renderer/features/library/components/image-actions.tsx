/** @file What can be done with the selection, for the keyboard and the palette. */
import { Layers, Search, XCircle } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { type Action, useActions } from "../../../lib/actions";
import { clearSelection, useSelection } from "../../../lib/selection";
import { useCompare, useFindSimilar } from "../use-library";

/** Keys the grid itself answers are listed for the sheet of shortcuts only. */
export function ImageActions(): null {
  const { t } = useTranslation();
  const ids = useSelection((state) => state.ids);
  const findSimilar = useFindSimilar();
  const compare = useCompare();
  useActions(
    useMemo<readonly Action[]>(() => {
      const chosen = [...ids];
      const needsSelection = { enabled: chosen.length > 0, unavailable: t("library.needsSelection") };
      const explained = (id: string, label: string, shortcut: string): Action => ({
        id,
        label,
        shortcut,
        group: "images",
        isHidden: true,
        run: () => undefined,
      });
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
        explained("images.move", t("library.moveByRow"), "← ↑ ↓ →"),
        explained("images.extend", t("library.extendSelection"), "Shift →"),
        explained("images.all", t("library.selectAll"), "Ctrl A"),
        explained("images.preview", t("ui.preview"), "Space"),
        explained("images.open", t("library.openCompare"), "Enter"),
      ];
    }, [t, ids, findSimilar, compare]),
  );
  return null;
}
