/** @file What the filter asks for, condition by condition, each to be taken away. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { cn } from "../lib/class-names";
import { facetLabel, facetTitle } from "../lib/facet-words";
import { type FilterChip, filterChips } from "../lib/filter-chips";
import { Chip } from "./chip";

export interface FilterChipsProps {
  readonly where: string | null;
  readonly onWhere: (where: string | null) => void;
  readonly className?: string;
}

/** A chip a condition; nothing without one. */
export function FilterChips({ where, onWhere, className }: FilterChipsProps): ReactNode {
  const { t } = useTranslation();
  const chips = filterChips(where);
  if (chips.length === 0) return null;
  const wordsOf = (chip: FilterChip): readonly [prefix: string | null, text: string] => {
    if (chip.kind === "text") return [null, chip.text];
    const [only, second] = chip.values;
    const text = second === undefined ? facetLabel(t, chip.id, only ?? "") : t("library.facets.values", { count: chip.values.length });
    return [facetTitle(t, chip.id), text];
  };
  return (
    <span className={cn("flex items-center gap-1.5", className)}>
      {chips.map((chip) => {
        const [prefix, text] = wordsOf(chip);
        return (
          <Chip
            key={`${chip.kind} ${text}`}
            {...(prefix === null ? {} : { prefix })}
            onRemove={() => onWhere(chip.without)}
            removeLabel={t("library.facets.removeChip", { condition: [prefix, text].filter(Boolean).join(" ") })}
          >
            <span className="max-w-48 truncate" title={text}>
              {text}
            </span>
          </Chip>
        );
      })}
    </span>
  );
}
