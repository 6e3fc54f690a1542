/** @file Says that nothing can be changed, and why. */
import { Lock } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useIsReadOnly } from "../../../lib/read-only";
import { Icon } from "../../../ui/icon";

/** Nothing while the library can be written. */
export function ReadOnlyBanner(): ReactNode {
  const { t } = useTranslation();
  if (!useIsReadOnly()) return null;
  return (
    <div role="status" className="flex min-h-8 shrink-0 items-center gap-2 border-b border-line bg-warn-fill px-3 py-1">
      <Icon icon={Lock} className="text-warn" />
      {t("library.readOnlyNote")}
    </div>
  );
}
