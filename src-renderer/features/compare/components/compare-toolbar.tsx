/** @file View and layout of a comparison, and what can be done with it. */
import { ArrowLeftRight, Download, Link2, Table2 } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../../ui/button";
import { IconButton } from "../../../ui/icon-button";
import { SegmentedControl } from "../../../ui/segmented-control";
import { Toolbar } from "../../../ui/toolbar";
import { useIsNarrow } from "../../../lib/preferences";
import { type CompareView, compareViews } from "../compare-search";
import { compareLayouts, toggleLinked, useCompare } from "../compare-state";

export interface CompareToolbarProps {
  readonly view: CompareView;
  readonly onView: (view: CompareView) => void;
  readonly onSwap: () => void;
  readonly onExport: () => void;
  readonly canExport: boolean;
}

/** Below 1280 px the buttons are icons with tooltips. */
export function CompareToolbar({ view, onView, onSwap, onExport, canExport }: CompareToolbarProps): ReactNode {
  const { t } = useTranslation();
  const isNarrow = useIsNarrow();
  const layout = useCompare((state) => state.layout);
  const isLinked = useCompare((state) => state.isLinked);
  const isTableShown = useCompare((state) => state.isTableShown);
  const tools = [
    { key: "link", icon: Link2, label: t("compare.linkedZoom"), shortcut: "L", isPressed: isLinked, run: toggleLinked },
    { key: "swap", icon: ArrowLeftRight, label: t("compare.swap"), shortcut: "S", run: onSwap },
    {
      key: "table",
      icon: Table2,
      label: t("compare.table"),
      shortcut: "T",
      isPressed: isTableShown,
      run: () => useCompare.setState({ isTableShown: !isTableShown }),
    },
  ];
  return (
    <Toolbar label={t("compare.tools")}>
      <SegmentedControl
        label={t("compare.view")}
        value={view}
        onChange={onView}
        options={compareViews.map((value) => ({ value, label: t(`compare.views.${value}`) }))}
      />
      <span className="ml-auto" />
      <SegmentedControl
        label={t("compare.layout")}
        value={layout}
        onChange={(next) => useCompare.setState({ layout: next })}
        options={compareLayouts.map((value) => ({ value, label: t(`compare.layouts.${value}`) }))}
      />
      {tools.map(({ key, icon, label, shortcut, isPressed, run }) => {
        const pressed = isPressed === undefined ? {} : { isPressed };
        return isNarrow ? (
          <IconButton key={key} icon={icon} label={label} shortcut={shortcut} onClick={run} {...pressed} />
        ) : (
          <Button key={key} size="sm" variant="ghost" icon={icon} title={`${label} (${shortcut})`} onClick={run} {...pressed}>
            {label}
          </Button>
        );
      })}
      {isNarrow ? (
        <IconButton icon={Download} label={t("compare.exportPng")} disabled={!canExport} onClick={onExport} />
      ) : (
        <Button size="sm" icon={Download} disabled={!canExport} onClick={onExport}>
          {t("compare.exportPng")}
        </Button>
      )}
    </Toolbar>
  );
}
