/** @file What the pictures have in common, to choose from: OR inside a group, AND between groups. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { toggleFilterValue } from "#shared/domain/asset-filter-edit";
import { facetField, type FacetId } from "#shared/domain/facet";
import { formatCount } from "../../../lib/format";
import { CheckboxRow } from "../../../ui/checkbox";
import { Section } from "../../../ui/section";
import { facetLabel } from "../../../lib/facet-words";
import { listedGroups, statusRows } from "../facets";
import { type FacetFilter, useFacets } from "../use-facets";
import { ColourFacet } from "./colour-facet";
import { FacetGroupList } from "./facet-group";
import { MonthFacet } from "./month-facet";

export interface FacetPanelProps {
  readonly filter: FacetFilter;
  readonly onWhere: (where: string | null) => void;
}

/** All groups that this library has values for. */
export function FacetPanel({ filter, onWhere }: FacetPanelProps): ReactNode {
  const { t } = useTranslation();
  const { groups, isCounting } = useFacets(filter);
  const toggle = (id: FacetId, value: string): void => onWhere(toggleFilterValue(filter.where, facetField(id), value));
  if (groups.length === 0) return null;
  return (
    <>
      <Section title={t("library.facets.status")} isCollapsible>
        {statusRows(groups).map(({ id, value, count, isSelected }) => (
          <CheckboxRow
            key={`${id} ${value}`}
            label={facetLabel(t, id, value)}
            aside={isCounting ? "–" : formatCount(count)}
            isChecked={isSelected}
            isFaint={count === 0}
            onChange={() => toggle(id, value)}
          />
        ))}
      </Section>
      {listedGroups(groups).map((group) => {
        const onToggle = (value: string): void => toggle(group.id, value);
        if (group.id === "colour") return <ColourFacet key={group.id} group={group} onToggle={onToggle} />;
        if (group.id === "month") return <MonthFacet key={group.id} group={group} onToggle={onToggle} />;
        return <FacetGroupList key={group.id} group={group} isCounting={isCounting} onToggle={onToggle} />;
      })}
    </>
  );
}
