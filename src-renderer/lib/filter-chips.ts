/** @file A filter as the conditions a person sees and takes away one by one. */
import { allOf, conjunctsOf, type FilterExpression } from "#shared/domain/asset-filter";
import { listedValues } from "#shared/domain/asset-filter-edit";
import { formatFilter } from "#shared/domain/asset-filter-format";
import { parseFilter } from "#shared/domain/asset-filter-parse";
import { literalText } from "#shared/domain/asset-filter-values";
import { facetField, facetIds, type FacetId } from "#shared/domain/facet";

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
