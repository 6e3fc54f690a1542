/** @file The commands that work everywhere: workspaces, panels, theme, jobs, help. */
import { useLocation, useRouter } from "@tanstack/react-router";
import { ArrowRight, Command, Cpu, HardDrive, Keyboard, PanelLeft, PanelRight, Pause, Play, SunMoon, TriangleAlert, X } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Action } from "../../../lib/actions";
import { useActions } from "../../../lib/actions";
import { useHotkeys } from "../../../lib/hotkeys";
import { themes, togglePanels, usePanelSides, usePreferences } from "../../../lib/preferences";
import { focusNextRegion } from "../regions";
import { useJobControl, useShownJob } from "../queries";
import { openWindow } from "../shell-state";
import { useWorkspaceAddresses, useWorkspaceMemory } from "../workspace-memory";
import { keepsRight, workspaceOf, workspaces } from "../workspaces";
import { themeLabelKeys } from "./theme-menu";

/** Mounted once; listens to the keyboard for every action of the app. */
export function ShellActions(): null {
  useHotkeys();
  useWorkspaceMemory();
  useGoActions();
  useViewActions();
  useJobActions();
  return null;
}

function useGoActions(): void {
  const { t } = useTranslation();
  const { history } = useRouter();
  const addresses = useWorkspaceAddresses();
  const { pathname } = useLocation();
  const here = workspaceOf(pathname);
  useActions(
    useMemo<readonly Action[]>(
      () => [
        ...workspaces.map<Action>(({ id, shortcut }) => ({
          id: `go.${id}`,
          label: t("shell.goTo", { workspace: t(`shell.${id}`) }),
          group: "go",
          icon: ArrowRight,
          shortcut,
          enabled: here !== id,
          run: () => history.push(addresses[id]),
        })),
        { id: "go.palette", label: t("shell.palette"), group: "go", icon: Command, shortcut: "Ctrl K", run: () => openWindow("palette") },
        { id: "go.shortcuts", label: t("shell.shortcuts"), group: "go", icon: Keyboard, shortcut: "?", run: () => openWindow("shortcuts") },
        { id: "go.region", label: t("shell.nextRegion"), group: "go", shortcut: "F6", run: focusNextRegion },
      ],
      [t, history, addresses, here],
    ),
  );
}

function useViewActions(): void {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const workspace = workspaceOf(pathname);
  const { left, right } = usePanelSides(keepsRight(workspace));
  const setTheme = usePreferences((state) => state.setTheme);
  useActions(
    useMemo<readonly Action[]>(() => {
      return [
        {
          id: "view.left",
          label: t("shell.leftPanel"),
          group: "view",
          icon: PanelLeft,
          shortcut: "F7",
          run: () => togglePanels(workspace, [left]),
        },
        {
          id: "view.right",
          label: t("shell.rightPanel"),
          group: "view",
          icon: PanelRight,
          shortcut: "F8",
          run: () => togglePanels(workspace, [right]),
        },
        {
          id: "view.both",
          label: t("shell.bothPanels"),
          group: "view",
          shortcut: "Ctrl \\",
          run: () => togglePanels(workspace, [left, right]),
        },
        ...themes.map<Action>((theme) => ({
          id: `view.theme.${theme}`,
          label: t("shell.themeAction", { theme: t(themeLabelKeys[theme]).toLowerCase() }),
          group: "view",
          icon: SunMoon,
          run: () => setTheme(theme),
        })),
      ];
    }, [t, workspace, left, right, setTheme]),
  );
}

function useJobActions(): void {
  const { t } = useTranslation();
  const job = useShownJob();
  const control = useJobControl(job);
  const state = job?.kind === "index" ? job.state : null;
  useActions(
    useMemo<readonly Action[]>(
      () => [
        { id: "jobs.pause", label: t("jobs.pause"), group: "library", icon: Pause, enabled: state === "running", run: control.pause },
        { id: "jobs.resume", label: t("jobs.resume"), group: "library", icon: Play, enabled: state === "paused", run: control.resume },
        {
          id: "jobs.cancel",
          label: t("jobs.cancel"),
          group: "library",
          icon: X,
          enabled: state === "running" || state === "paused",
          run: control.cancel,
        },
        { id: "jobs.issues", label: t("issues.showAction"), group: "library", icon: TriangleAlert, run: () => openWindow("issues") },
        { id: "jobs.devices", label: t("devices.open"), group: "library", icon: Cpu, run: () => openWindow("devices") },
        { id: "jobs.storage", label: t("storage.open"), group: "library", icon: HardDrive, run: () => openWindow("storage") },
      ],
      [t, state, control],
    ),
  );
}
