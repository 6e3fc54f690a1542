/** @file Above the columns while candidates of one value alone are shown: which, and the way back to all. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../../../ui/button";
import type { CandidateFilter } from "../../generation-groups";
import { showValue } from "../../side-state";

/** Nothing while all are shown. */
export function GroupFilter({ filter }: { readonly filter: CandidateFilter | null }): ReactNode {
  const { t } = useTranslation();
  if (filter === null) return null;
  return (
    <div role="status" className="flex h-8 shrink-0 items-center gap-2 border-b border-line bg-panel px-3 text-2xs text-fg-2">
      {t("check.side.onlyShown", { label: filter.label })}
      <Button size="sm" variant="ghost" onClick={() => showValue(null)}>
        {t("check.side.showAll")}
      </Button>
    </div>
  );
}
