/** @file Says that the engine is not there, or that it was started again. */
import { CircleAlert, Info, X } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { dismissRestart, useConnection } from "../../../lib/connection";
import { Icon } from "../../../ui/icon";
import { IconButton } from "../../../ui/icon-button";

/** Nothing while all is well. */
export function EngineBanner(): ReactNode {
  const { t } = useTranslation();
  const phase = useConnection((state) => state.phase);
  const hasRestarted = useConnection((state) => state.hasRestarted);
  if (phase === "down") {
    return (
      <div role="alert" className="flex min-h-8 shrink-0 items-center gap-2 border-b border-line bg-danger-fill px-3">
        <Icon icon={CircleAlert} className="text-danger" />
        {t("shell.engineDown")}
      </div>
    );
  }
  if (phase !== "up" || !hasRestarted) return null;
  return (
    <div role="status" className="flex min-h-8 shrink-0 items-center gap-2 border-b border-line bg-warn-fill px-3">
      <Icon icon={Info} className="text-warn" />
      {t("shell.engineRestarted")}
      <IconButton icon={X} label={t("shell.dismiss")} className="ml-auto" onClick={dismissRestart} />
    </div>
  );
}
