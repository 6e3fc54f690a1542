/** @file Above the grid: where we are, how many, the filter and the order. */
import { Copy, Search } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { type AssetSort, assetSortSchema } from "#shared/domain/library";
import { formatCount } from "../../../lib/format";
import { Button } from "../../../ui/button";
import { Chip } from "../../../ui/chip";
import { IconButton } from "../../../ui/icon-button";
import { FilterChips } from "../../../ui/filter-chips";
import { Select } from "../../../ui/select";
import { TextField, Toolbar } from "../../../ui/toolbar";
import { FilterText } from "./filter-text";

const quietMs = 150;
const sortKeys = {
  newest: "library.sortNewest",
  oldest: "library.sortOldest",
  name: "library.sortName",
  folder: "library.sortFolder",
  rating: "library.sortRating",
  largest: "library.sortLargest",
  taken: "library.sortTaken",
} as const satisfies Record<AssetSort, string>;

export interface LibraryToolbarProps {
  readonly title: string;
  /** Images under the filter; null until it is known. */
  readonly count: number | null;
  /** Images without the filter. */
  readonly total: number | null;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly where: string | null;
  readonly onWhere: (where: string | null) => void;
  readonly sort: AssetSort;
  readonly onSort: (sort: AssetSort) => void;
  readonly onReview: () => void;
}

/** The toolbar of the Library. */
export function LibraryToolbar(props: LibraryToolbarProps): ReactNode {
  const { title, count, total, text, onText, where, onWhere, sort, onSort, onReview } = props;
  const { t } = useTranslation();
  return (
    <Toolbar label={t("library.title")}>
      <h1 className="truncate text-sm font-medium">{title}</h1>
      <span className="shrink-0 text-fg-3" role="status">
        {count !== null &&
          ((text !== "" || where !== null) && total !== null
            ? t("library.countOf", { count: formatCount(count), total: formatCount(total) })
            : t("library.count", { count, formatted: formatCount(count) }))}
      </span>
      {text !== "" && (
        <Chip prefix={t("library.name")} onRemove={() => onText("")} removeLabel={t("library.clearFilter")}>
          {text}
        </Chip>
      )}
      <FilterChips where={where} onWhere={onWhere} className="min-w-0 shrink overflow-x-auto" />
      {where !== null && (
        <Button size="sm" variant="ghost" onClick={() => onWhere(null)}>
          {t("library.facets.clear")}
        </Button>
      )}
      <span className="ml-auto" />
      <FilterText where={where} onWhere={onWhere} />
      <FilterField text={text} onText={onText} />
      <Select
        label={t("library.sort")}
        isLabelShown
        value={sort}
        onChange={onSort}
        options={assetSortSchema.options.map((value) => ({ value, label: t(sortKeys[value]) }))}
      />
      <IconButton icon={Copy} label={t("duplicates.review")} shortcut="D" onClick={onReview} />
    </Toolbar>
  );
}

function FilterField({ text, onText }: Pick<LibraryToolbarProps, "text" | "onText">): ReactNode {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(text);
  const [sent, setSent] = useState(text);
  const [shown, setShown] = useState(text);
  // The address changed by itself, e.g. by the chip's cross; an echo of what was typed must not undo further typing.
  if (shown !== text) {
    setShown(text);
    if (text !== sent) setTyped(text);
  }
  useEffect(() => {
    if (typed === text) return;
    const timer = setTimeout(() => {
      setSent(typed);
      onText(typed);
    }, quietMs);
    return () => clearTimeout(timer);
  }, [typed, text, onText]);
  return (
    <TextField
      icon={Search}
      label={t("library.filter")}
      placeholder={t("library.filterPlaceholder")}
      value={typed}
      onChange={setTyped}
      onKeyDown={(event) => event.key === "Escape" && setTyped("")}
      className="h-6 w-44 min-w-24 shrink text-2xs"
    />
  );
}
