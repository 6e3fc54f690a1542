/** @file What a person can do in Compare, as data for the palette, the keyboard and the sheet of shortcuts. */
import { ArrowLeftRight, Blend, Download, Eye, Link2, Maximize, Table2, ZoomIn } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { type Action, useActions } from "../../lib/actions";
import { useUndoAction } from "../../ui/undo";
import { setBothViewports, stepOpacity, toggleLinked, useCompare } from "./compare-state";
import { fittedViewport, scaleRange } from "./viewport";

export interface CompareActionParts {
  readonly onSwap: () => void;
  readonly onNextView: () => void;
  readonly onUnpin: () => void;
  readonly onExport: () => void;
  /** Pixels of picture A; "100 %" shows one of them as one pixel on screen. */
  readonly pictureWidth: number | null;
}

/** Offers the actions of a comparison while it is shown. */
export function useCompareActions({ onSwap, onNextView, onUnpin, onExport, pictureWidth }: CompareActionParts): void {
  const { t } = useTranslation();
  const undo = useUndoAction();
  const actions = useMemo<readonly Action[]>(() => {
    const compare = { group: "compare" } as const;
    const actualSize = (): void => {
      const shown = document.querySelector<HTMLElement>('[data-pane="a"]')?.clientWidth;
      if (!shown || pictureWidth === null) return;
      setBothViewports({
        ...useCompare.getState().viewports.a,
        scale: Math.min(scaleRange.max, Math.max(scaleRange.min, pictureWidth / shown)),
      });
    };
    return [
      { ...compare, id: "compare.swap", label: t("compare.swap"), icon: ArrowLeftRight, shortcut: "S", run: onSwap },
      { ...compare, id: "compare.view", label: t("compare.nextView"), icon: Eye, shortcut: "V", run: onNextView },
      {
        ...compare,
        id: "compare.table",
        label: t("compare.table"),
        icon: Table2,
        shortcut: "T",
        run: () => useCompare.setState(({ isTableShown }) => ({ isTableShown: !isTableShown })),
      },
      { ...compare, id: "compare.link", label: t("compare.linkedZoom"), icon: Link2, shortcut: "L", run: toggleLinked },
      {
        ...compare,
        id: "compare.fit",
        label: t("compare.fit"),
        icon: Maximize,
        shortcut: "0",
        run: () => setBothViewports(fittedViewport),
      },
      { ...compare, id: "compare.actual", label: t("compare.actualSize"), icon: ZoomIn, shortcut: "1", run: actualSize },
      { ...compare, id: "compare.fainter", label: t("compare.fainter"), icon: Blend, shortcut: ",", run: () => stepOpacity(-0.1) },
      { ...compare, id: "compare.stronger", label: t("compare.stronger"), icon: Blend, shortcut: ".", run: () => stepOpacity(0.1) },
      { ...compare, id: "compare.unpin", label: t("compare.unpin"), shortcut: "Esc", run: onUnpin },
      { ...compare, id: "compare.export", label: t("compare.exportPng"), icon: Download, run: onExport },
      undo,
    ];
  }, [t, undo, onSwap, onNextView, onUnpin, onExport, pictureWidth]);
  useActions(actions);
}
