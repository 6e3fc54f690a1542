/** @file Left panel, work area, right panel: resizable 200 to 420 px, remembered per workspace; in a narrow window they lie over the work. */
import { type ReactNode, useRef } from "react";
import { Group, Panel, type PanelSize, Separator } from "react-resizable-panels";
import { useTranslation } from "react-i18next";
import { cn } from "../lib/class-names";
import { type PanelSide, useIsNarrow, useMediaQuery, usePanel, usePanelSides, usePreferences } from "../lib/preferences";

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
  const sides = usePanelSides(keepsRight);
  const leftState = usePanel(workspace, sides.left);
  const rightState = usePanel(workspace, sides.right);
  const leftWidth = leftState.width ?? (isNarrow ? 232 : isWide ? 280 : (left?.initialWidth ?? 248));
  const rightWidth = rightState.width ?? (isNarrow ? 280 : isWide ? 352 : (right?.initialWidth ?? 304));
  return (
    <main aria-label={mainLabel} className="relative min-h-0 flex-1">
      <Group className="h-full" id={`${workspace}-panels`}>
        {left && sides.left === "left" && leftState.isOpen && (
          <Side key={`left-${isNarrow}-${isWide}`} workspace={workspace} side="left" panel={left} width={leftWidth} />
        )}
        <Panel id="main" minSize={320} className="flex min-h-0 flex-col">
          <div data-region className="relative flex min-h-0 min-w-0 flex-1 flex-col bg-canvas">
            {children}
          </div>
        </Panel>
        {right && sides.right === "right" && rightState.isOpen && (
          <Side key={`right-${isNarrow}-${isWide}`} workspace={workspace} side="right" panel={right} width={rightWidth} />
        )}
      </Group>
      {left && sides.left === "leftOverlay" && leftState.isOpen && <Overlay panel={left} className="left-0 border-r" />}
      {right && sides.right === "overlay" && rightState.isOpen && <Overlay panel={right} className="right-0 border-l" />}
    </main>
  );
}

function Overlay({ panel, className }: { readonly panel: SidePanel; readonly className: string }): ReactNode {
  return (
    <section
      data-region
      aria-label={panel.label}
      className={cn("absolute inset-y-0 z-(--z-pop) flex w-80 max-w-full flex-col border-line bg-panel shadow-3", className)}
    >
      {panel.content}
    </section>
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
