/** @file What the facets of the Library show: which groups there are, under which names, and what a filter asks for in words. */
import { allOf, conjunctsOf, type FilterExpression } from "#shared/domain/asset-filter";
import { listedValues } from "#shared/domain/asset-filter-edit";
import { formatFilter } from "#shared/domain/asset-filter-format";
import { parseFilter } from "#shared/domain/asset-filter-parse";
import { literalText } from "#shared/domain/asset-filter-values";
import { facetField, facetIds, type FacetGroup, type FacetId } from "#shared/domain/facet";

/** Groups of one question; the others stand alone under their own name. */
const statusGroups = ["flag", "measured", "missing"] as const satisfies readonly FacetId[];
/** The values of a status that are worth asking for, in their order. */
const statusValues: readonly (readonly [FacetId, string])[] = [
  ["flag", "picked"],
  ["flag", "rejected"],
  ["measured", "no"],
  ["missing", "yes"],
];

/** One row of the status list. */
export interface StatusRow {
  readonly id: FacetId;
  readonly value: string;
  readonly count: number;
  readonly isSelected: boolean;
}

/** Picked, rejected, not measured yet, missing: those that there are, or that are asked for. */
export function statusRows(groups: readonly FacetGroup[]): readonly StatusRow[] {
  return statusValues.flatMap(([id, value]) => {
    const found = groups.find((group) => group.id === id)?.values.find((known) => known.value === value);
    const row = { id, value, count: found?.count ?? 0, isSelected: found?.isSelected ?? false };
    // Picking is how a library is culled, so the place to find what was picked is always there.
    return row.count > 0 || row.isSelected || id === "flag" ? [row] : [];
  });
}

/** Groups that divide nothing while all pictures are alike. */
const dividing: ReadonlySet<FacetId> = new Set(["format", "orientation", "month"]);

/** The groups that have something to choose, in their order, without those of the status list. */
export function listedGroups(groups: readonly FacetGroup[]): readonly FacetGroup[] {
  return groups.filter(({ id, values }) => {
    if ((statusGroups as readonly FacetId[]).includes(id)) return false;
    return values.length > (dividing.has(id) ? 1 : 0) || values.some((value) => value.isSelected);
  });
}

/** A condition of the filter as a chip: the group and the values it asks for, or the condition's own text. */
export type FilterChip =
  | { readonly kind: "values"; readonly id: FacetId; readonly values: readonly string[]; readonly without: string | null }
  | { readonly kind: "text"; readonly text: string; readonly without: string | null };

/** A chip for each condition that must hold; `without` is the filter once the chip is taken away. Nothing for a filter that cannot be read. */
export function filterChips(where: string | null): readonly FilterChip[] {
  const conjuncts = conjunctsOf(parsed(where));
  return conjuncts.map((conjunct, place): FilterChip => {
    const without = formatFilter(allOf(conjuncts.toSpliced(place, 1))) || null;
    for (const id of facetIds) {
      const values = listedValues(conjunct, facetField(id));
      if (values !== null) return { kind: "values", id, values: values.map(literalText), without };
    }
    return { kind: "text", text: formatFilter(conjunct), without };
  });
}

/** The filter with one condition more; as it was when it asks for that already. */
export function withCondition(where: string | null, condition: string): string {
  const added = conjunctsOf(parsed(condition));
  const known = conjunctsOf(parsed(where));
  const texts = new Set(known.map(formatFilter));
  return formatFilter(allOf([...known, ...added.filter((each) => !texts.has(formatFilter(each)))]));
}

function parsed(where: string | null): FilterExpression | null {
  try {
    return parseFilter(where ?? "");
  } catch {
    return null;
  }
}
