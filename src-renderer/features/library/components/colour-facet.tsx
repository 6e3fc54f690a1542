/** @file The colours of the pictures as swatches to choose from. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { FacetGroup } from "#shared/domain/facet";
import { colourNames } from "#shared/lib/colour";
import { cn } from "../../../lib/class-names";
import { formatCount } from "../../../lib/format";
import { Section } from "../../../ui/section";
import { facetTitle } from "../../../lib/facet-words";

/** A shade that everybody gives the name to. */
const shades: Readonly<Record<(typeof colourNames)[number], string>> = {
  black: "#1c1c1c",
  grey: "#8a8a8a",
  white: "#f6f4ee",
  red: "#cf3a2f",
  orange: "#e8862e",
  brown: "#7a4f2e",
  yellow: "#f0c63f",
  green: "#3f8f57",
  cyan: "#45a8ad",
  blue: "#3f6fb5",
  purple: "#80539c",
  pink: "#e389a8",
};

export interface ColourFacetProps {
  readonly group: FacetGroup;
  readonly onToggle: (value: string) => void;
}

/** Swatches in the order of the names, those that no picture has left out. */
export function ColourFacet({ group, onToggle }: ColourFacetProps): ReactNode {
  const { t } = useTranslation();
  const chosen = group.values.filter(({ isSelected }) => isSelected);
  return (
    <Section
      title={facetTitle(t, group.id)}
      isCollapsible
      aside={chosen.length === 0 ? t("library.facets.anyColour") : chosen.map(({ value }) => value).join(", ")}
    >
      <div className="-mx-0.5 flex flex-wrap">
        {colourNames.flatMap((name) => {
          const known = group.values.find(({ value }) => value === name);
          if (known === undefined) return [];
          const label = t("library.facets.colourCount", { colour: name, formatted: formatCount(known.count) });
          return [
            <button
              key={name}
              type="button"
              aria-pressed={known.isSelected}
              aria-label={label}
              title={label}
              onClick={() => onToggle(name)}
              className="grid size-6 place-items-center border-0 bg-transparent p-0"
            >
              <span
                style={{ backgroundColor: shades[name] }}
                className={cn(
                  "size-5 rounded-xs shadow-[inset_0_0_0_1px_rgb(127_127_127/.4)]",
                  known.isSelected && "outline-2 outline-offset-1 outline-select",
                  known.count === 0 && !known.isSelected && "opacity-40",
                )}
              />
            </button>,
          ];
        })}
      </div>
    </Section>
  );
}
