/** @file The library's commands that work everywhere, and the windows they open. */
import { useQuery } from "@tanstack/react-query";
import { FolderPlus, Images, RefreshCw } from "lucide-react";
import { type ReactNode, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { type Action, useActions } from "../../../lib/actions";
import { useEngine } from "../../../lib/engine";
import { useIsReadOnly } from "../../../lib/read-only";
import { useAddSample, useChooseFolders } from "../use-library";
import { useRescan } from "../use-rescan";
import { FolderPicker } from "./folder-picker";
import { RelocateDialog } from "./relocate-dialog";
import { RemoveRootDialog } from "./remove-root-dialog";

/** Mounted once. */
export function LibraryActions(): ReactNode {
  const { t } = useTranslation();
  const { api } = useEngine();
  const { data: status } = useQuery(api.system.status.queryOptions());
  const chooseFolders = useChooseFolders();
  const { addSample } = useAddSample();
  const rescan = useRescan();
  const canAddSample = status?.sample.isAvailable === true && !status.sample.isAdded;
  const isReadOnly = useIsReadOnly();
  useActions(
    useMemo<readonly Action[]>(() => {
      const actions: readonly Action[] = [
        {
          id: "library.add",
          label: t("library.addFolderDots"),
          group: "library",
          icon: FolderPlus,
          shortcut: "Ctrl O",
          run: () => chooseFolders(),
        },
        { id: "library.rescan", label: t("library.rescan"), group: "library", icon: RefreshCw, run: rescan },
        { id: "library.sample", label: t("library.openSample"), group: "library", icon: Images, enabled: canAddSample, run: addSample },
      ];
      return isReadOnly ? actions.map((action) => ({ ...action, enabled: false, unavailable: t("library.readOnly") })) : actions;
    }, [t, chooseFolders, rescan, addSample, canAddSample, isReadOnly]),
  );
  return (
    <>
      <FolderPicker />
      <RemoveRootDialog />
      <RelocateDialog />
    </>
  );
}
