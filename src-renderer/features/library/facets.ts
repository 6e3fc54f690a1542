/** @file What the facets of the Library show: which groups and values there are, in which order. */
import type { FacetGroup, FacetId } from "#shared/domain/facet";

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
