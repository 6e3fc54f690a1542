/** @file What the values of a filter mean: patterns, numbers with units, spans of time, colours. */
import { colourNames, okLabOf, type ColourName, type OkLab } from "../lib/colour";
import type { Comparison } from "./asset-filter";
import { filterField, type FilterField, type FilterFieldName } from "./asset-filter-fields";

/** Texts are compared in lower case and one Unicode form. */
export function caseKey(text: string): string {
  return text.normalize("NFC").toLowerCase();
}

/** A star that stands for itself. */
const literalStar = "[*]";

/** The pattern that means exactly `value`. */
export function exactPattern(value: string): string {
  return value.replaceAll("*", literalStar);
}

/** The text that a pattern without wildcards means. */
export function literalText(pattern: string): string {
  return pattern.replaceAll(literalStar, "*");
}

/** The texts between the stars of a pattern, in lower case; one text means that there is no star. */
function patternParts(pattern: string): readonly string[] {
  const parts = pattern.split(literalStar).map((part) => part.split("*"));
  const joined: string[] = [];
  for (const [index, part] of parts.entries()) {
    if (index > 0) joined.push(`${joined.pop() ?? ""}*${part[0] ?? ""}`, ...part.slice(1));
    else joined.push(...part);
  }
  return joined.map(caseKey);
}

/** Tests whole texts against a pattern, or with `isPart` whether one holds it. A star stands for any text. */
export function textTest(pattern: string, isPart: boolean): (text: string) => boolean {
  const parts = isPart ? ["", ...patternParts(pattern), ""] : patternParts(pattern);
  const [first = "", ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return (text) => caseKey(text) === first;
  return (text) => {
    const key = caseKey(text);
    if (key.length < first.length + last.length || !key.startsWith(first) || !key.endsWith(last)) return false;
    let from = first.length;
    for (const part of rest) {
      const at = key.indexOf(part, from);
      if (at === -1) return false;
      from = at + part.length;
    }
    return from <= key.length - last.length;
  };
}

const byteUnits: Readonly<Record<string, number>> = { "": 1, b: 1, kb: 1e3, mb: 1e6, gb: 1e9 };

/** A number, or for `bytes` one with kB, MB or GB behind it; null when it is none. */
export function numberValue(text: string, kind: "number" | "bytes"): number | null {
  const [, digits = "", unit = ""] = /^([+-]?(?:\d+\.?\d*|\.\d+))\s*([a-z]*)$/i.exec(text.trim()) ?? [];
  const factor = kind === "bytes" ? byteUnits[unit.toLowerCase()] : unit === "" ? 1 : undefined;
  return digits === "" || factor === undefined ? null : Number(digits) * factor;
}

/** A span of time: from, and up to but without, in milliseconds. */
export interface TimeSpan {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** A year, month, day or minute of local time: `2026`, `2026-01`, `2026-01-31`, `2026-01-31T18:30`; null when it is none. */
export function timeSpan(text: string): TimeSpan | null {
  const match = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d))?)?)?$/.exec(text.trim());
  if (match === null) return null;
  const [year = 0, month, day, hour, minute] = match.slice(1).map((digits) => (digits === undefined ? undefined : Number(digits)));
  const start = new Date(year, (month ?? 1) - 1, day ?? 1, hour ?? 0, minute ?? 0);
  start.setFullYear(year); // Years below 100 would be those of 1900.
  const isReal = start.getMonth() === (month ?? 1) - 1 && start.getDate() === (day ?? 1) && (hour ?? 0) < 24 && (minute ?? 0) < 60;
  if (!isReal) return null;
  const end = new Date(start);
  if (month === undefined) end.setFullYear(year + 1);
  else if (day === undefined) end.setMonth(end.getMonth() + 1);
  else if (hour === undefined) end.setDate(end.getDate() + 1);
  else end.setMinutes(end.getMinutes() + 1);
  return { fromMs: start.getTime(), untilMs: end.getTime() };
}

/** The month of a time as a filter says it: `2026-01`. */
export function monthText(ms: number): string {
  const date = new Date(ms);
  return `${String(date.getFullYear()).padStart(4, "0")}-${String(date.getMonth() + 1).padStart(2, "0")}`;
}

/** A colour by name, or a place in OKLab to be near; null when it is neither. */
export function colourValue(text: string): ColourName | OkLab | null {
  const name = caseKey(text) === "gray" ? "grey" : caseKey(text);
  if (/^#[0-9a-f]{6}$/.test(name)) return okLabOf(name);
  return colourNames.find((known) => known === name) ?? null;
}

const otherNames: Readonly<Record<string, string>> = { jpg: "jpeg", tif: "tiff", true: "yes", false: "no" };

/** The choice that is meant, in any case; null when there is no such one. */
export function choiceValue(text: string, choices: readonly string[]): string | null {
  const key = caseKey(text);
  return choices.find((choice) => choice === key || choice === otherNames[key]) ?? null;
}

const ordered: readonly Comparison[] = ["=", "!=", "<", "<=", ">", ">="];
const comparisonsOf: Readonly<Record<FilterField["kind"], readonly Comparison[]>> = {
  text: ["=", "!=", "~"],
  folder: ["=", "!=", "~"],
  choice: ["=", "!="],
  number: ordered,
  bytes: ordered,
  date: ordered,
  colour: ["=", "!=", "~"],
};

/** What is wrong with comparing a field so, as the end of a sentence about it; null when nothing is. */
export function comparisonFault(name: FilterFieldName, operator: Comparison): string | null {
  const known = comparisonsOf[filterField(name).kind];
  return known.includes(operator) ? null : `${name} is compared with ${known.join(" ")}, not with ${operator}`;
}

/** What is wrong with a value of a field, as a clause; null when nothing is. */
export function valueFault(name: FilterFieldName, value: string): string | null {
  const field = filterField(name);
  const isNot = (what: string): string => `${name} is ${what}, not "${value}"`;
  switch (field.kind) {
    case "text":
    case "folder":
      return value === "" ? `${name} is compared with nothing; write has:${name} for any` : null;
    case "choice":
      return choiceValue(value, field.choices) === null ? isNot(`one of ${field.choices.join(", ")}`) : null;
    case "number":
      return numberValue(value, "number") === null ? isNot("a number") : null;
    case "bytes":
      return numberValue(value, "bytes") === null ? isNot("a number of bytes such as 500kB or 2MB") : null;
    case "date":
      return timeSpan(value) === null ? isNot("a date such as 2026, 2026-01 or 2026-01-31") : null;
    case "colour":
      return colourValue(value) === null ? isNot(`a colour such as #c04030 or one of ${colourNames.join(", ")}`) : null;
  }
}
