/** @file Asks before a folder is taken out of the library, and says what is forgotten and what is not touched. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { formatCount } from "../../../lib/format";
import { ConfirmDialog } from "../../../ui/dialog";
import { closeRemoval, useSetupState } from "../setup-state";
import { useRemoveRoot } from "../use-library";

/** Open while a root is to be removed. */
export function RemoveRootDialog(): ReactNode {
  const { t } = useTranslation();
  const root = useSetupState((state) => state.removing);
  const removeRoot = useRemoveRoot();
  if (!root) return null;
  const confirm = (): void => {
    removeRoot(root);
    closeRemoval();
  };
  return (
    <ConfirmDialog
      isOpen
      onClose={closeRemoval}
      onConfirm={confirm}
      title={t("library.removeTitle", { name: root.isSample ? t("library.sampleLibrary") : root.name })}
      confirmLabel={t("library.removeConfirm")}
      cancelLabel={t("ui.cancel")}
      isDestructive
    >
      <p>{t("library.removeForgotten", { count: root.fileCount, formatted: formatCount(root.fileCount) })}</p>
      <p className="mt-2">{t("library.removeUntouched")}</p>
      <p className="mt-1 rounded-md bg-well px-2 py-1 font-mono text-2xs break-all select-text">{root.path}</p>
    </ConfirmDialog>
  );
}
