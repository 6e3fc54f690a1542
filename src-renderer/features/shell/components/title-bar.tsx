/** @file The title bar: workspaces, the command field, the network chip and the theme. */
import { useLocation } from "@tanstack/react-router";
import { PanelLeft, PanelRight, Search } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { cn } from "../../../lib/class-names";
import { togglePanels, usePanel, usePanelSides } from "../../../lib/preferences";
import { Icon } from "../../../ui/icon";
import { IconButton } from "../../../ui/icon-button";
import { Kbd } from "../../../ui/kbd";
import { openWindow } from "../shell-state";
import { useWorkspaceAddresses } from "../workspace-memory";
import { keepsRight, workspaceOf, workspaces } from "../workspaces";
import { NetworkChip } from "./network-chip";
import { ThemeMenu } from "./theme-menu";

/** `isBare` leaves out what means nothing before there is a library. */
export function TitleBar({ isBare = false }: { readonly isBare?: boolean }): ReactNode {
  return (
    <header data-region className="flex h-10 min-w-0 shrink-0 items-stretch gap-4 border-b border-line bg-chrome pr-2 pl-3 narrow:gap-2">
      <Brand />
      {isBare ? <span className="ml-auto" /> : <Tabs />}
      {!isBare && <CommandField />}
      <div className="flex items-center gap-1">
        <NetworkChip />
        <ThemeMenu />
        {!isBare && <OverlayToggles />}
      </div>
    </header>
  );
}

function Brand(): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="flex items-center gap-2 text-sm font-semibold tracking-[.01em]">
      <svg viewBox="0 0 18 18" aria-hidden className="size-4.5" fill="none" stroke="currentColor" strokeWidth="1.4">
        <circle cx="6.8" cy="9" r="5.3" />
        <circle cx="11.2" cy="9" r="5.3" />
      </svg>
      {t("shell.brand")}
    </div>
  );
}

function Tabs(): ReactNode {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const here = workspaceOf(pathname);
  const addresses = useWorkspaceAddresses();
  return (
    <nav aria-label={t("shell.workspaces")} className="flex h-full gap-0.5">
      {workspaces.map(({ id }) => (
        <a
          key={id}
          href={`#${addresses[id]}`}
          {...(here === id ? { "aria-current": "page" as const } : {})}
          className={cn(
            "relative flex items-center px-3 text-sm text-fg-2 no-underline hover:text-fg-1 narrow:px-2",
            here === id &&
              "font-medium text-fg-1 after:absolute after:inset-x-3 after:-bottom-px after:h-0.5 after:bg-fg-1 after:content-[''] narrow:after:inset-x-2",
          )}
        >
          {t(`shell.${id}`)}
        </a>
      ))}
    </nav>
  );
}

function CommandField(): ReactNode {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      onClick={() => openWindow("palette")}
      className="my-auto ml-auto flex h-7 w-66 items-center gap-2 overflow-hidden rounded-md border border-line bg-well pr-1.5 pl-2 text-left whitespace-nowrap text-fg-3 hover:border-line-strong narrow:w-37"
    >
      <Icon icon={Search} size={14} />
      <span className="flex-1 truncate">{t("shell.commandField")}</span>
      <Kbd shortcut="Ctrl K" className="narrow:hidden" />
    </button>
  );
}

/** In a narrow window panels lie over the work; these buttons are how a mouse finds them. */
function OverlayToggles(): ReactNode {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const workspace = workspaceOf(pathname);
  const { left, right } = usePanelSides(keepsRight(workspace));
  const leftPanel = usePanel(workspace, left);
  const rightPanel = usePanel(workspace, right);
  return (
    <>
      {left === "leftOverlay" && (
        <IconButton
          icon={PanelLeft}
          label={t("shell.leftPanel")}
          shortcut="F7"
          isPressed={leftPanel.isOpen}
          onClick={() => togglePanels(workspace, [left])}
        />
      )}
      {right === "overlay" && (
        <IconButton
          icon={PanelRight}
          label={t("shell.rightPanel")}
          shortcut="F8"
          isPressed={rightPanel.isOpen}
          onClick={() => togglePanels(workspace, [right])}
        />
      )}
    </>
  );
}
