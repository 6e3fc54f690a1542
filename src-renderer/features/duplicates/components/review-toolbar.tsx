/** @file Above the groups: how alike, how many, and among which pictures. */
import { ArrowLeft, RefreshCw, RotateCcw } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { type DuplicateGroup, type Duplicates, duplicateTierSchema } from "#shared/domain/duplicates";
import { formatCount } from "../../../lib/format";
import { Chip } from "../../../ui/chip";
import { IconButton } from "../../../ui/icon-button";
import { NumberField } from "../../../ui/number-field";
import { SegmentedControl } from "../../../ui/segmented-control";
import { Toolbar } from "../../../ui/toolbar";
import type { DuplicatesSearch } from "../duplicates-search";
import { lookAgain, useReview } from "../review-state";

export interface ReviewToolbarProps {
  readonly search: DuplicatesSearch;
  readonly onSearch: (change: DuplicatesSearch) => void;
  readonly answer: Duplicates | null;
  readonly groups: readonly DuplicateGroup[];
  readonly onBack: () => void;
}

/** The toolbar of the review. */
export function ReviewToolbar({ search, onSearch, answer, groups, onBack }: ReviewToolbarProps): ReactNode {
  const { t } = useTranslation();
  const { tier = "near" } = search;
  return (
    <Toolbar label={t("duplicates.title")}>
      <IconButton icon={ArrowLeft} label={t("duplicates.back")} onClick={onBack} />
      <h1 className="shrink-0 text-sm font-medium">{t("duplicates.title")}</h1>
      <ReviewCount answer={answer} groups={groups} />
      <SegmentedControl
        label={t("duplicates.tier")}
        value={tier}
        onChange={(next) => onSearch({ tier: next, low: undefined, high: undefined })}
        options={duplicateTierSchema.options.map((value) => ({ value, label: t(`duplicates.tiers.${value}`) }))}
      />
      {tier !== "exact" && <Bounds search={search} onSearch={onSearch} answer={answer?.tier === tier ? answer : null} />}
      <span className="flex min-w-0 items-center gap-2 overflow-hidden">
        {search.folder !== undefined && (
          <Chip prefix={t("duplicates.folder")} onRemove={() => onSearch({ folder: undefined })} removeLabel={t("duplicates.allFolders")}>
            <span className="max-w-32 truncate" title={search.folder}>
              {search.folder.split(/[/\\]/).at(-1)}
            </span>
          </Chip>
        )}
        {search.where !== undefined && (
          <Chip prefix={t("duplicates.filter")} onRemove={() => onSearch({ where: undefined })} removeLabel={t("duplicates.noFilter")}>
            <span className="max-w-40 truncate" title={search.where}>
              {search.where}
            </span>
          </Chip>
        )}
      </span>
      <IconButton icon={RefreshCw} label={t("duplicates.lookAgain")} className="ml-auto" onClick={lookAgain} />
    </Toolbar>
  );
}

function ReviewCount({ answer, groups }: Pick<ReviewToolbarProps, "answer" | "groups">): ReactNode {
  const { t } = useTranslation();
  const progress = useReview((state) => state.progress);
  const counted = t("duplicates.groups", { count: groups.length, formatted: formatCount(groups.length) });
  return (
    <span role="status" className="shrink-0 text-fg-3">
      {progress !== null ? t("duplicates.looking") : answer === null ? "" : counted}
    </span>
  );
}

/** Between which bounds pictures count as alike; the usual ones until a person gives others. */
function Bounds({ search, onSearch, answer }: Pick<ReviewToolbarProps, "search" | "onSearch" | "answer">): ReactNode {
  const { t } = useTranslation();
  const low = search.low ?? answer?.low ?? null;
  const high = search.high ?? answer?.high ?? 1;
  if (low === null) return null;
  const shared = { step: 0.01, decimals: 3, className: "w-14" } as const;
  return (
    <span className="flex shrink-0 items-center gap-1.5 text-fg-3">
      {t("duplicates.alike")}
      <NumberField {...shared} label={t("duplicates.low")} value={low} min={-1} max={high} onChange={(next) => onSearch({ low: next })} />
      {t("duplicates.to")}
      <NumberField {...shared} label={t("duplicates.high")} value={high} min={low} max={1} onChange={(next) => onSearch({ high: next })} />
      {(search.low !== undefined || search.high !== undefined) && (
        <IconButton icon={RotateCcw} label={t("duplicates.usualBounds")} onClick={() => onSearch({ low: undefined, high: undefined })} />
      )}
    </span>
  );
}
