/** @file Left panel, work area, right panel: resizable 200 to 420 px, remembered per workspace; below 1280 px the right one lies over the work. */
import { type ReactNode, useRef } from "react";
import { Group, Panel, type PanelSize, Separator } from "react-resizable-panels";
import { useTranslation } from "react-i18next";
import { type PanelSide, useIsNarrow, useMediaQuery, usePanel, usePreferences } from "../lib/preferences";

const minimumWidth = 200;
const maximumWidth = 420;

export interface SidePanel {
  readonly label: string;
  /** Width at first, where the usual one does not fit the content. Pixels, from 1280 px of window on. */
  readonly initialWidth?: number;
  readonly content: ReactNode;
}

export interface PanelLayoutProps {
  /** Key under which sizes are remembered, e.g. "library". */
  readonly workspace: string;
  readonly left?: SidePanel;
  readonly right?: SidePanel;
  /** Compare keeps its right panel beside the work at every width. */
  readonly keepsRight?: boolean;
  readonly mainLabel: string;
  readonly children: ReactNode;
}

/** The three columns of a workspace. F7 and F8 hide the sides. */
export function PanelLayout({ workspace, left, right, keepsRight = false, mainLabel, children }: PanelLayoutProps): ReactNode {
  const isNarrow = useIsNarrow();
  const isWide = useMediaQuery("(min-width: 1800px)");
  const leftState = usePanel(workspace, "left");
  const rightState = usePanel(workspace, isNarrow && !keepsRight ? "overlay" : "right");
  const isOverlay = isNarrow && !keepsRight;
  const leftWidth = leftState.width ?? (isNarrow ? 232 : isWide ? 280 : (left?.initialWidth ?? 248));
  const rightWidth = rightState.width ?? (isNarrow ? 280 : isWide ? 352 : (right?.initialWidth ?? 304));
  return (
    <main aria-label={mainLabel} className="relative min-h-0 flex-1">
      <Group className="h-full" id={`${workspace}-panels`}>
        {left && leftState.isOpen && (
          <Side key={`left-${isNarrow}-${isWide}`} workspace={workspace} side="left" panel={left} width={leftWidth} />
        )}
        <Panel id="main" minSize={320} className="flex min-h-0 flex-col">
          <div data-region className="relative flex min-h-0 min-w-0 flex-1 flex-col bg-canvas">
            {children}
          </div>
        </Panel>
        {right && !isOverlay && rightState.isOpen && (
          <Side key={`right-${isNarrow}-${isWide}`} workspace={workspace} side="right" panel={right} width={rightWidth} />
        )}
      </Group>
      {right && isOverlay && rightState.isOpen && (
        <section
          data-region
          aria-label={right.label}
          className="absolute inset-y-0 right-0 z-(--z-pop) flex w-80 max-w-full flex-col border-l border-line bg-panel shadow-3"
        >
          {right.content}
        </section>
      )}
    </main>
  );
}

interface SideProps {
  readonly workspace: string;
  readonly side: PanelSide;
  readonly panel: SidePanel;
  readonly width: number;
}

function Side({ workspace, side, panel, width }: SideProps): ReactNode {
  const setPanel = usePreferences((state) => state.setPanel);
  const { t } = useTranslation();
  // Only a person's drag is remembered: the first report is the size the panel was given.
  const isDragged = useRef(false);
  const remember = (size: PanelSize): void => {
    if (isDragged.current) setPanel(workspace, side, { width: Math.round(size.inPixels) });
  };
  const separator = (
    <Separator
      aria-label={t(side === "left" ? "ui.resizeLeftPanel" : "ui.resizeRightPanel")}
      onPointerDown={() => (isDragged.current = true)}
      onKeyDown={() => (isDragged.current = true)}
      className="w-px bg-line hover:bg-line-strong"
    />
  );
  const aside = (
    <Panel
      id={side}
      defaultSize={width}
      minSize={minimumWidth}
      maxSize={maximumWidth}
      groupResizeBehavior="preserve-pixel-size"
      onResize={remember}
      className="flex min-h-0 flex-col"
    >
      <section data-region aria-label={panel.label} className="flex min-h-0 flex-1 flex-col bg-panel">
        {panel.content}
      </section>
    </Panel>
  );
  return side === "left" ? (
    <>
      {aside}
      {separator}
    </>
  ) : (
    <>
      {separator}
      {aside}
    </>
  );
}
