/** @file When the pictures were taken or made: a bar a month, to be chosen by a click. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { FacetGroup } from "#shared/domain/facet";
import { cn } from "../../../lib/class-names";
import { formatCount, formatMonth } from "../../../lib/format";
import { Section } from "../../../ui/section";
import { facetTitle } from "../../../lib/facet-words";

/** Bars narrower than this are no target; older months are found with the filter's text. */
const shownMonths = 24;

export interface MonthFacetProps {
  readonly group: FacetGroup;
  readonly onToggle: (value: string) => void;
}

/** The newest months from left to right; the height says how many pictures. */
export function MonthFacet({ group, onToggle }: MonthFacetProps): ReactNode {
  const { t } = useTranslation();
  const months = [...group.values].sort((a, b) => (a.value < b.value ? -1 : 1)).slice(-shownMonths);
  const most = Math.max(1, ...months.map(({ count }) => count));
  return (
    <Section title={facetTitle(t, group.id)} isCollapsible>
      <div className="flex h-9 items-end gap-px">
        {months.map(({ value, count, isSelected }) => {
          const label = t("library.facets.monthCount", { month: formatMonth(value), formatted: formatCount(count) });
          return (
            <button
              key={value}
              type="button"
              aria-pressed={isSelected}
              aria-label={label}
              title={label}
              onClick={() => onToggle(value)}
              className="group flex h-full min-w-0 flex-1 items-end border-0 bg-transparent p-0"
            >
              <span
                style={{ height: `${Math.max(6, (count / most) * 100)}%` }}
                className={cn("w-full bg-control-hover group-hover:bg-fg-3", isSelected && "bg-fg-1 group-hover:bg-fg-1")}
              />
            </button>
          );
        })}
      </div>
      <p className="mt-1 flex justify-between text-2xs text-fg-3">
        <span>{formatMonth(months[0]?.value ?? "")}</span>
        {months.length > 1 && <span>{formatMonth(months.at(-1)?.value ?? "")}</span>}
      </p>
    </Section>
  );
}
