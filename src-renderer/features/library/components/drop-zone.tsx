/** @file Dropped and pasted files: the work area splits in two, one half to add a folder, one to find what is alike. */
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { DropSplit, droppedFolder } from "../../../ui/drop-split";
import { useChooseFolders, useFindOutside } from "../use-library";

/** Appears while files are dragged over the window; listens for pasted pictures. */
export function DropZone(): ReactNode {
  const { t } = useTranslation();
  const { findOutside } = useFindOutside();
  const chooseFolders = useChooseFolders();
  usePastedImages(findOutside);
  const take = (files: DataTransfer, isFolderMeant: boolean): void => {
    const folder = droppedFolder(files);
    // A page never learns where a dropped folder lies, so the person shows it once more.
    if (folder !== null || isFolderMeant)
      chooseFolders({ kind: "root", ...(folder === null ? {} : { note: t("library.dropLocate", { name: folder.name }) }) });
    else findOutside(files.files);
  };
  return (
    <DropSplit
      targetsFor={(count) => [
        { id: "folder", title: t("library.dropFolder"), note: t("library.dropFolderNote"), onDrop: (files) => take(files, true) },
        { id: "find", title: t("library.dropFind", { count }), note: t("library.dropFindNote"), onDrop: (files) => take(files, false) },
      ]}
    />
  );
}

function usePastedImages(use: (files: readonly File[]) => void): void {
  useEffect(() => {
    const onPaste = (event: ClipboardEvent): void => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      use(files);
    };
    window.addEventListener("paste", onPaste);
    return () => window.removeEventListener("paste", onPaste);
  }, [use]);
}
