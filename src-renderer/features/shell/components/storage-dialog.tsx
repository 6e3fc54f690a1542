/** @file What is kept to spare work, how much room it takes, and how much it may. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "../../../ui/dialog";
import { closeWindow, useShellState } from "../shell-state";
import { FeatureStorage } from "./storage-features";
import { WeightStorage } from "./storage-weights";

/** Opens from the palette and the list of devices. */
export function StorageDialog(): ReactNode {
  const { t } = useTranslation();
  const isOpen = useShellState((state) => state.open === "storage");
  return (
    <Dialog isOpen={isOpen} onClose={closeWindow} title={t("storage.title")} closeLabel={t("ui.close")} className="w-[720px]">
      <FeatureStorage isOpen={isOpen} />
      <WeightStorage isOpen={isOpen} />
    </Dialog>
  );
}
