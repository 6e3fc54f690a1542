/** @file Changes a filter by a click: a value of a field more or less, the rest as it was. */
import { allOf, conjunctsOf, type FilterExpression } from "./asset-filter";
import type { FilterFieldName } from "./asset-filter-fields";
import { formatFilter } from "./asset-filter-format";
import { isSameText } from "./asset-filter-match";
import { parseFilter } from "./asset-filter-parse";
import { exactPattern } from "./asset-filter-values";

/** The patterns of a condition that asks for some values of a field and nothing else: `field = a`, `field in (a, b)`; null for any other. */
export function listedValues(expression: FilterExpression, field: FilterFieldName): readonly string[] | null {
  if (expression.kind === "in" && expression.field === field) return expression.values;
  if (expression.kind === "compare" && expression.field === field && expression.operator === "=") return [expression.value];
  if (expression.kind !== "or") return null;
  const listed = expression.parts.map((part) => listedValues(part, field));
  return listed.some((values) => values === null) ? null : listed.flatMap((values) => values ?? []);
}

/** The filter with `value` of `field` asked for too, or no longer. Conditions that are no plain lists stay. @throws usage/invalid */
export function toggleFilterValue(where: string | null, field: FilterFieldName, value: string): string | null {
  const pattern = exactPattern(value);
  const conjuncts = conjunctsOf(parseFilter(where ?? ""));
  const place = conjuncts.findIndex((conjunct) => listedValues(conjunct, field) !== null);
  const listed = conjuncts.slice(place, place + 1).flatMap((conjunct) => listedValues(conjunct, field) ?? []);
  const others = listed.filter((known) => !isSameText(known, pattern) && !isSameText(known, value));
  const values = others.length === listed.length ? [...listed, pattern] : others;
  const changed = conditionFor(field, values);
  const kept = place === -1 ? [...conjuncts, ...changed] : conjuncts.toSpliced(place, 1, ...changed);
  return formatFilter(allOf(kept)) || null;
}

function conditionFor(field: FilterFieldName, values: readonly string[]): readonly FilterExpression[] {
  const [only, second] = values;
  if (only === undefined) return [];
  return [second === undefined ? { kind: "compare", field, operator: "=", value: only } : { kind: "in", field, values }];
}
