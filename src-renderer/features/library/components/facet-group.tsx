/** @file One group of the facets: a list with boxes, the most frequent values first, the rest on demand. */
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { FacetGroup } from "#shared/domain/facet";
import { formatCount } from "../../../lib/format";
import { Button } from "../../../ui/button";
import { CheckboxRow } from "../../../ui/checkbox";
import { Section } from "../../../ui/section";
import { TextField } from "../../../ui/toolbar";
import { facetLabel, facetTitle } from "../../../lib/facet-words";

const shownAtFirst = 8;
/** From here on a list is searched faster than read. */
const searchedFrom = 16;

export interface FacetGroupListProps {
  readonly group: FacetGroup;
  readonly isCounting: boolean;
  readonly onToggle: (value: string) => void;
}

/** Values of a group with their counts; chosen ones always show. */
export function FacetGroupList({ group, isCounting, onToggle }: FacetGroupListProps): ReactNode {
  const { t } = useTranslation();
  const [isWhole, setIsWhole] = useState(false);
  const [wanted, setWanted] = useState("");
  const { id, values, total } = group;
  const title = facetTitle(t, id);
  const named = values.map((value) => ({ ...value, label: facetLabel(t, id, value.value) }));
  const found = named.filter(({ label, isSelected }) => isSelected || label.toLowerCase().includes(wanted.trim().toLowerCase()));
  const shown = isWhole ? found : named.filter(({ isSelected }, place) => isSelected || place < shownAtFirst);
  return (
    <Section title={title} isCollapsible>
      {isWhole && total > searchedFrom && (
        <TextField
          label={t("library.facets.search", { group: title })}
          placeholder={t("library.facets.searchPlaceholder")}
          value={wanted}
          onChange={setWanted}
          className="mb-1 h-6 text-2xs"
        />
      )}
      {shown.map(({ value, label, count, isSelected }) => (
        <CheckboxRow
          key={value}
          label={label}
          aside={isCounting ? "–" : formatCount(count)}
          isChecked={isSelected}
          isFaint={count === 0}
          onChange={() => onToggle(value)}
        />
      ))}
      {isWhole && values.length < total && (
        <p className="mt-1 text-2xs text-fg-3">{t("library.facets.first", { count: values.length, formatted: formatCount(total) })}</p>
      )}
      {total > shownAtFirst && (
        <Button size="sm" variant="ghost" className="-ml-2" onClick={() => setIsWhole(!isWhole)}>
          {isWhole ? t("library.facets.fewer") : t("library.facets.all", { formatted: formatCount(total) })}
        </Button>
      )}
    </Section>
  );
}
