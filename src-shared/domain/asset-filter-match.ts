/**
 * @file Whether a picture passes a filter.
 *
 * What is not there passes no comparison, and `!=` is `not =`. So there are only two truth values, and the laws of logic hold.
 */
import { colourDistance, colourNameOf, okLabOf, type ColourName, type OkLab } from "../lib/colour";
import { defined } from "../lib/assert";
import type { FieldComparison, FieldCondition, FilterExpression } from "./asset-filter";
import { filterField, type FilterField, type FilterSubject } from "./asset-filter-fields";
import { caseKey, choiceValue, colourValue, numberValue, textTest, timeSpan } from "./asset-filter-values";
import type { PaletteColour } from "./asset-metadata";

export type SubjectTest = (subject: FilterSubject) => boolean;

/** Shades within this distance of OKLab are near each other. */
const nearColour = 0.1;
/** A shade that covers less does not make a picture of that colour. */
const leastShare = 0.05;

/** Builds the test of an expression that `parseFilter` accepted. */
export function filterTest(expression: FilterExpression): SubjectTest {
  switch (expression.kind) {
    case "and": {
      const tests = expression.parts.map(filterTest);
      return (subject) => tests.every((test) => test(subject));
    }
    case "or": {
      const tests = expression.parts.map(filterTest);
      return (subject) => tests.some((test) => test(subject));
    }
    case "not": {
      const test = filterTest(expression.part);
      return (subject) => !test(subject);
    }
    case "compare":
    case "in":
    case "has":
      return conditionTest(expression);
  }
}

function conditionTest(condition: FieldCondition): SubjectTest {
  const field = filterField(condition.field);
  if (condition.kind === "has") return presenceTest(field);
  if (condition.kind === "in") {
    const tests = condition.values.map((value) => comparisonTest(field, { operator: "=", value }));
    return (subject) => tests.some((test) => test(subject));
  }
  if (condition.operator === "!=") {
    const test = comparisonTest(field, { operator: "=", value: condition.value });
    return (subject) => !test(subject);
  }
  return comparisonTest(field, condition);
}

function presenceTest(field: FilterField): SubjectTest {
  return (subject) => {
    const value = field.read(subject);
    return Array.isArray(value) ? value.length > 0 : value !== null;
  };
}

const readable = "a filter's values were checked when it was read";

function comparisonTest(field: FilterField, { operator, value }: Pick<FieldComparison, "operator" | "value">): SubjectTest {
  switch (field.kind) {
    case "text": {
      const test = textTest(value, operator === "~");
      return (subject) => field.read(subject).some(test);
    }
    case "folder": {
      const test = operator === "~" ? textTest(value, true) : folderTest(value);
      return (subject) => field.read(subject).some(test);
    }
    case "choice": {
      const choice = defined(choiceValue(value, field.choices), readable);
      return (subject) => field.read(subject) === choice;
    }
    case "number":
    case "bytes": {
      const number = defined(numberValue(value, field.kind), readable);
      return orderTest(field.read, operator, { from: number, until: number, isPoint: true });
    }
    case "date": {
      const { fromMs, untilMs } = defined(timeSpan(value), readable);
      return orderTest(field.read, operator, { from: fromMs, until: untilMs, isPoint: false });
    }
    case "colour": {
      const colour = defined(colourValue(value), readable);
      return (subject) => isOfColour(field.read(subject), colour);
    }
  }
}

/** A number is the span that holds only itself; a date is all of its day, month or year. */
interface Span {
  readonly from: number;
  readonly until: number;
  readonly isPoint: boolean;
}

function orderTest(
  read: (subject: FilterSubject) => number | null,
  operator: FieldComparison["operator"],
  { from, until, isPoint }: Span,
): SubjectTest {
  const isBefore = (value: number): boolean => value < from;
  const isAfter = (value: number): boolean => (isPoint ? value > until : value >= until);
  const holds = (value: number): boolean => {
    if (operator === "<") return isBefore(value);
    if (operator === ">") return isAfter(value);
    if (operator === "<=") return !isAfter(value);
    return operator === ">=" ? !isBefore(value) : !isBefore(value) && !isAfter(value);
  };
  return (subject) => {
    const value = read(subject);
    return value !== null && holds(value);
  };
}

/** In the folder or below it. A path that starts at no root names folders wherever they lie. */
function folderTest(value: string): (folder: string) => boolean {
  const pattern = value.replaceAll("\\", "/").replace(/(?<=.)\/+$/, "");
  const isWhole = pattern === "/" || /^(?:\/|[a-z]:|\*)/i.test(pattern);
  const here = textTest(isWhole ? pattern : `*/${pattern}`, false);
  const below = textTest(`${isWhole ? "" : "*/"}${pattern === "/" ? "" : pattern}/*`, false);
  return (folder) => {
    const path = folder.replaceAll("\\", "/");
    return here(path) || below(path);
  };
}

/** The names of a picture's colours, the largest first. */
export function colourNamesOf(palette: readonly PaletteColour[]): readonly ColourName[] {
  const shares = new Map<ColourName, number>();
  for (const { colour, share } of palette) {
    const name = colourNameOf(okLabOf(colour));
    shares.set(name, (shares.get(name) ?? 0) + share);
  }
  return [...shares].filter(([, share]) => share >= leastShare).map(([name]) => name);
}

function isOfColour(palette: readonly PaletteColour[], colour: ColourName | OkLab): boolean {
  if (typeof colour === "string") return colourNamesOf(palette).includes(colour);
  return palette.some((part) => part.share >= leastShare && colourDistance(okLabOf(part.colour), colour) <= nearColour);
}

/** True when two texts are the same to a filter. */
export function isSameText(one: string, other: string): boolean {
  return caseKey(one) === caseKey(other);
}
