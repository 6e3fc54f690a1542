/** @file The window around every workspace; before there is a library, the welcome instead. */
import { useQuery } from "@tanstack/react-query";
import { Outlet } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { CheckActions } from "../features/consistency/components/check-actions";
import { DuplicatesActions } from "../features/duplicates/components/duplicates-actions";
import { FirstRun } from "../features/library/components/first-run";
import { ReadOnlyBanner } from "../features/library/components/read-only-banner";
import { LibraryActions } from "../features/library/components/library-actions";
import { useSetupState } from "../features/library/setup-state";
import { CommandPalette } from "../features/shell/components/command-palette";
import { DevicesDialog } from "../features/shell/components/devices-dialog";
import { EngineBanner } from "../features/shell/components/engine-banner";
import { IssuesDialog } from "../features/shell/components/issues-dialog";
import { ShellActions } from "../features/shell/components/shell-actions";
import { ShortcutSheet } from "../features/shell/components/shortcut-sheet";
import { StorageDialog } from "../features/shell/components/storage-dialog";
import { StatusBar } from "../features/shell/components/status-bar";
import { TitleBar } from "../features/shell/components/title-bar";
import { appErrorOf } from "../lib/app-error-of";
import { useEngine } from "../lib/engine";
import { useThemeOnPage } from "../lib/preferences";
import { ErrorCard } from "../ui/error-card";
import { MaskEditorDialog } from "../ui/mask-editor";
import { useLiveUpdates } from "./live-updates";

/** Title bar, banner, workspace, status bar, and the windows that open over them. */
export function AppFrame(): ReactNode {
  useThemeOnPage();
  useLiveUpdates();
  const { api } = useEngine();
  const { data: status, error, refetch } = useQuery(api.system.status.queryOptions());
  const isPutOff = useSetupState((state) => state.isPutOff);
  if (!status) {
    return (
      <div className="flex h-full flex-col">
        <TitleBar isBare />
        <EngineBanner />
        <main className="flex-1 p-12">{error && <ErrorCard error={appErrorOf(error)} onRetry={() => void refetch()} />}</main>
      </div>
    );
  }
  if (status.isFirstRun && !isPutOff) {
    return (
      <div className="flex h-full flex-col">
        <TitleBar isBare />
        <EngineBanner />
        <FirstRun />
        <LibraryActions />
      </div>
    );
  }
  return (
    <div className="flex h-full flex-col">
      <TitleBar />
      <EngineBanner />
      <ReadOnlyBanner />
      <Outlet />
      <StatusBar />
      <ShellActions />
      <LibraryActions />
      <DuplicatesActions />
      <CheckActions />
      <CommandPalette />
      <ShortcutSheet />
      <IssuesDialog />
      <DevicesDialog />
      <StorageDialog />
      <MaskEditorDialog />
    </div>
  );
}
