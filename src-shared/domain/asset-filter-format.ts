/** @file Writes a filter so that `parseFilter` reads the same tree again, with no more quotes and parentheses than that takes. */
import type { FieldCondition, FilterExpression } from "./asset-filter";

/** What stands without quotes wherever it is; everything else is quoted. */
const plainValue = /^[\w.#*/:+-]+$/;

/** The text of a filter; empty for null. */
export function formatFilter(expression: FilterExpression | null): string {
  if (expression === null) return "";
  switch (expression.kind) {
    case "and":
    case "or":
      return expression.parts.map((part) => formatPart(part, expression.kind)).join(` ${expression.kind} `);
    case "not":
      return `not ${formatPart(expression.part, "not")}`;
    case "compare":
    case "in":
    case "has":
      return formatCondition(expression);
  }
}

/** In parentheses where the tree would be read as another otherwise. */
function formatPart(part: FilterExpression, within: "and" | "or" | "not"): string {
  const isLoose = part.kind === "or" || (part.kind === "and" && within !== "or");
  return isLoose ? `(${formatFilter(part)})` : formatFilter(part);
}

function formatCondition(condition: FieldCondition): string {
  const { field } = condition;
  if (condition.kind === "has") return `has:${field}`;
  if (condition.kind === "in") return `${field} in (${condition.values.map(formatValue).join(", ")})`;
  return `${field} ${condition.operator} ${formatValue(condition.value)}`;
}

function formatValue(value: string): string {
  return plainValue.test(value) ? value : `"${value.replaceAll('"', '""')}"`;
}
