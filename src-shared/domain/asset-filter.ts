/** @file What a filter of the library says, as a tree. Its text is read by `parseFilter` and written by `formatFilter`. */
import type { FilterFieldName } from "./asset-filter-fields";

export const comparisons = ["=", "!=", "~", "<", "<=", ">", ">="] as const;
export type Comparison = (typeof comparisons)[number];

/** Values are kept as they were written; `~` means contains, or for a colour near. */
export interface FieldComparison {
  readonly kind: "compare";
  readonly field: FilterFieldName;
  readonly operator: Comparison;
  readonly value: string;
}

/** The field equals one of the values. */
export interface FieldList {
  readonly kind: "in";
  readonly field: FilterFieldName;
  readonly values: readonly string[];
}

/** The field is there. */
export interface FieldPresence {
  readonly kind: "has";
  readonly field: FilterFieldName;
}

export type FieldCondition = FieldComparison | FieldList | FieldPresence;

export type FilterExpression =
  | FieldCondition
  | { readonly kind: "and" | "or"; readonly parts: readonly FilterExpression[] }
  | { readonly kind: "not"; readonly part: FilterExpression };

/** The conditions that must all hold: the parts of the outermost `and`. */
export function conjunctsOf(expression: FilterExpression | null): readonly FilterExpression[] {
  if (expression === null) return [];
  return expression.kind === "and" ? expression.parts.flatMap(conjunctsOf) : [expression];
}

/** All conditions of one, joined by `and`; null when there are none. */
export function allOf(parts: readonly FilterExpression[]): FilterExpression | null {
  const [first, second] = parts;
  if (first === undefined) return null;
  return second === undefined ? first : { kind: "and", parts };
}

/** Every condition on a field, wherever it stands. */
export function conditionsOf(expression: FilterExpression): readonly FieldCondition[] {
  switch (expression.kind) {
    case "and":
    case "or":
      return expression.parts.flatMap(conditionsOf);
    case "not":
      return conditionsOf(expression.part);
    case "compare":
    case "in":
    case "has":
      return [expression];
  }
}

/** The same expression with every condition on a field replaced. */
export function mapConditions(expression: FilterExpression, change: (condition: FieldCondition) => FieldCondition): FilterExpression {
  switch (expression.kind) {
    case "and":
    case "or":
      return { ...expression, parts: expression.parts.map((part) => mapConditions(part, change)) };
    case "not":
      return { ...expression, part: mapConditions(expression.part, change) };
    case "compare":
    case "in":
    case "has":
      return change(expression);
  }
}
