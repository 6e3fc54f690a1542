/** @file One line of what the split does not show: a newer answer on its way, pictures that could not be measured, what no measure can see. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { blindSpots } from "#shared/domain/check-recommendation";
import type { CheckResult } from "#shared/domain/check";
import { formatCount } from "../../../lib/format";
import { Button } from "../../../ui/button";
import { Popover } from "../../../ui/popover";
import { ProgressBar } from "../../../ui/progress";
import { stopCheck, useCheckState } from "../check-state";
import type { CheckView } from "../use-check";

/** Absent when there is nothing to say. */
export function CheckNotes({ check, result }: { readonly check: CheckView; readonly result: CheckResult }): ReactNode {
  const { t } = useTranslation();
  const progress = useCheckState((state) => state.progress);
  const isMeasuring = progress !== null && progress.total > 0;
  const blind = blindSpots(
    result.measures.map(({ measure }) => measure),
    check.cards,
  );
  if (!isMeasuring && result.skipped.length === 0 && blind.length === 0) return null;
  return (
    <div className="flex h-8 shrink-0 items-center gap-4 border-b border-line px-3 text-2xs whitespace-nowrap text-fg-2">
      {isMeasuring && (
        <span className="flex items-center gap-2">
          <ProgressBar label={t("check.measuring")} value={progress.done / progress.total} />
          {t("check.progress", { done: formatCount(progress.done), total: formatCount(progress.total) })}
          <Button size="sm" variant="ghost" onClick={stopCheck}>
            {t("ui.cancel")}
          </Button>
        </span>
      )}
      {result.skipped.length > 0 && <Skipped skipped={result.skipped} />}
      {blind.map((spot) => (
        <span key={spot} className="truncate">
          {t(`check.blindTo.${spot}`)}
        </span>
      ))}
    </div>
  );
}

function Skipped({ skipped }: Pick<CheckResult, "skipped">): ReactNode {
  const { t } = useTranslation();
  const title = t("check.skipped", { count: skipped.length, formatted: formatCount(skipped.length) });
  return (
    <Popover
      title={title}
      align="start"
      className="max-h-80 w-120 overflow-auto"
      trigger={
        <Button size="sm" variant="ghost">
          {title}
        </Button>
      }
    >
      <ul className="m-0 list-none p-0 text-2xs">
        {skipped.map(({ path, reason }) => (
          <li key={path} className="py-0.5 select-text">
            <span className="break-all text-fg-1">{path}</span> <span className="text-fg-3">{reason}</span>
          </li>
        ))}
      </ul>
    </Popover>
  );
}
