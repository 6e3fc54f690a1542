/** @file What the review says instead of groups: how far it has come, that there are none, or why it cannot look. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { AppErrorShape } from "#shared/domain/app-error";
import type { Duplicates } from "#shared/domain/duplicates";
import { formatCount } from "../../../lib/format";
import { Button } from "../../../ui/button";
import { EmptyState } from "../../../ui/empty-state";
import { ErrorCard } from "../../../ui/error-card";
import { ProgressBar } from "../../../ui/progress";
import type { DuplicatesSearch } from "../duplicates-search";
import { lookAgain, useReview } from "../review-state";

/** Nothing until the engine has said how many pictures there are. */
export function ReviewProgress(): ReactNode {
  const { t } = useTranslation();
  const progress = useReview((state) => state.progress);
  if (progress === null || progress.total === 0) return <div className="flex-1" aria-busy />;
  const { done, total } = progress;
  return (
    <div aria-busy className="flex flex-1 flex-col items-center justify-center gap-3 text-fg-2">
      <ProgressBar label={t("duplicates.looking")} value={done / total} className="w-60" />
      {t("duplicates.progress", { done: formatCount(done), total: formatCount(total) })}
    </div>
  );
}

/** A library that is not measured is no error of the review: it says what to do. */
export function ReviewError({ error, onBack }: { readonly error: AppErrorShape; readonly onBack: () => void }): ReactNode {
  const { t } = useTranslation();
  if (error.code !== "library/not-indexed") {
    return (
      <div className="flex-1 p-8">
        <ErrorCard error={error} onRetry={lookAgain} />
      </div>
    );
  }
  return (
    <div className="min-h-0 flex-1">
      <EmptyState title={t("duplicates.notMeasuredTitle")} actions={<Button onClick={onBack}>{t("duplicates.back")}</Button>}>
        {t("duplicates.notMeasured")}
      </EmptyState>
    </div>
  );
}

export interface NoDuplicatesProps {
  readonly answer: Duplicates;
  readonly onSearch: (change: DuplicatesSearch) => void;
}

/** Nothing is there twice; the next wider look is offered. */
export function NoDuplicates({ answer: { tier, looked, unlooked }, onSearch }: NoDuplicatesProps): ReactNode {
  const { t } = useTranslation();
  const wider = tier === "exact" ? "near" : tier === "near" ? "scene" : null;
  return (
    <div className="min-h-0 flex-1">
      <EmptyState
        title={t(`duplicates.none.${tier}`)}
        actions={
          wider !== null && (
            <Button onClick={() => onSearch({ tier: wider, low: undefined, high: undefined })}>{t(`duplicates.lookFor.${wider}`)}</Button>
          )
        }
      >
        {t("duplicates.looked", { count: looked, formatted: formatCount(looked) })}
        {unlooked > 0 && ` ${t("duplicates.unlooked", { count: unlooked, formatted: formatCount(unlooked) })}`}
      </EmptyState>
    </div>
  );
}
