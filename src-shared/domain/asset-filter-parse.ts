/**
 * @file Reads the text of a filter, by recursive descent:
 *
 *     filter    = all { "or" all }            all  = one { "and" one }            one = "not" one | "(" filter ")" | condition
 *     condition = "has:" FIELD | FIELD "in" "(" VALUE { "," VALUE } ")" | FIELD ( "=" | ":" | "!=" | "~" | "<" | "<=" | ">" | ">=" ) VALUE
 *
 * A value is a word, or any text in single or double quotes, in which the quote itself is written twice.
 */
import { nearestNames } from "../lib/edit-distance";
import { appError } from "./app-error";
import type { Comparison, FieldCondition, FilterExpression } from "./asset-filter";
import { filterFieldNamed, filterFieldNames, type FilterFieldName } from "./asset-filter-fields";
import { comparisonFault, valueFault } from "./asset-filter-values";

/** Longer ones are nobody's typing, and deeper ones would exhaust the stack. */
const mostCharacters = 20_000;
const mostLevels = 200;

const spaces = /\s*/y;
const word = /[\p{L}_][\p{L}\d_-]*/uy;
const operator = /!=|<=|>=|[=~<>:]/y;
const quoted = /"((?:[^"]|"")*)"|'((?:[^']|'')*)'/y;
const bareValue = /[^\s()"',=!<>~]+/y;

/** The tree of a filter; null for an empty text, which everything passes. @throws usage/invalid with the place of the mistake */
export function parseFilter(text: string): FilterExpression | null {
  if (text.trim() === "") return null;
  if (text.length > mostCharacters) throw appError("usage/invalid", `The filter is longer than ${mostCharacters} characters.`);
  return new FilterParser(text).parse();
}

class FilterParser {
  readonly #text: string;
  #at = 0;
  #level = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): FilterExpression {
    const expression = this.#any();
    this.#skipSpaces();
    if (this.#at < this.#text.length) throw this.#fault(`expected "and" or "or" before ${this.#rest()}`);
    return expression;
  }

  #any(): FilterExpression {
    return this.#joined("or", () => this.#joined("and", () => this.#one()));
  }

  #joined(kind: "and" | "or", read: () => FilterExpression): FilterExpression {
    const first = read();
    const parts = [first];
    while (this.#takeKeyword(kind)) parts.push(read());
    return parts.length === 1 ? first : { kind, parts };
  }

  #one(): FilterExpression {
    this.#level += 1;
    if (this.#level > mostLevels) throw this.#fault(`more than ${mostLevels} levels of "not" and parentheses`);
    const expression = this.#unary();
    this.#level -= 1;
    return expression;
  }

  #unary(): FilterExpression {
    if (this.#takeKeyword("not")) return { kind: "not", part: this.#one() };
    if (!this.#takeSign("(")) return this.#condition();
    const inner = this.#any();
    if (!this.#takeSign(")")) throw this.#fault(`expected ")" ${this.#place()}`);
    return inner;
  }

  #condition(): FieldCondition {
    const field = this.#field();
    if (field === "has") {
      if (!this.#takeSign(":")) throw this.#fault('expected ":" and a field after "has"');
      return { kind: "has", field: this.#knownField() };
    }
    if (this.#takeKeyword("in")) return { kind: "in", field, values: this.#list(field) };
    const from = this.#at;
    const sign = this.#take(operator);
    if (sign === null) throw this.#fault(`expected a comparison such as = or ~ after ${field}, ${this.#place()}`);
    const comparison = (sign === ":" ? "=" : sign) as Comparison;
    const fault = comparisonFault(field, comparison);
    if (fault !== null) throw this.#fault(fault, from);
    return { kind: "compare", field, operator: comparison, value: this.#value(field) };
  }

  #list(field: FilterFieldName): readonly string[] {
    if (!this.#takeSign("(")) throw this.#fault(`expected "(" after ${field} in, ${this.#place()}`);
    const values = [this.#value(field)];
    while (this.#takeSign(",")) values.push(this.#value(field));
    if (!this.#takeSign(")")) throw this.#fault(`expected "," or ")" ${this.#place()}`);
    return values;
  }

  #field(): FilterFieldName | "has" {
    this.#skipSpaces();
    const from = this.#at;
    const name = this.#take(word);
    if (name?.toLowerCase() === "has") return "has";
    this.#at = from;
    return this.#knownField();
  }

  #knownField(): FilterFieldName {
    this.#skipSpaces();
    const from = this.#at;
    const name = this.#take(word);
    if (name === null) throw this.#fault(`expected the name of a field ${this.#place()}`);
    const known = filterFieldNamed(name);
    if (known !== null) return known;
    const [nearest = ""] = nearestNames(name.toLowerCase(), filterFieldNames, 1);
    throw appError("usage/invalid", `The filter has no field "${name}" (character ${from + 1}).`, {
      hint: `The nearest is ${nearest}. Fields: ${filterFieldNames.join(", ")}.`,
    });
  }

  #value(field: FilterFieldName): string {
    this.#skipSpaces();
    const from = this.#at;
    const text = this.#take(quoted);
    const value = text === null ? this.#take(bareValue) : text.slice(1, -1).replaceAll(text.charAt(0).repeat(2), text.charAt(0));
    if (value === null && /["']/.test(this.#text.charAt(from))) throw this.#fault(`the quote ${this.#text.charAt(from)} is not closed`);
    if (value === null) throw this.#fault(`expected a value for ${field} ${this.#place()}`);
    const fault = valueFault(field, value);
    if (fault !== null) throw this.#fault(fault, from);
    return value;
  }

  #takeKeyword(keyword: string): boolean {
    this.#skipSpaces();
    const from = this.#at;
    if (this.#take(word)?.toLowerCase() === keyword) return true;
    this.#at = from;
    return false;
  }

  #takeSign(sign: string): boolean {
    this.#skipSpaces();
    if (!this.#text.startsWith(sign, this.#at)) return false;
    this.#at += sign.length;
    return true;
  }

  /** The text that `pattern` finds here, after spaces; null and no step when it finds none. */
  #take(pattern: RegExp): string | null {
    this.#skipSpaces();
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? null;
    this.#at += found?.length ?? 0;
    return found;
  }

  #skipSpaces(): void {
    spaces.lastIndex = this.#at;
    this.#at += spaces.exec(this.#text)?.[0].length ?? 0;
  }

  #rest(): string {
    const rest = this.#text.slice(this.#at, this.#at + 20);
    return `"${rest}${this.#at + 20 < this.#text.length ? "…" : ""}"`;
  }

  /** Where the reading stands, as the end of a sentence. */
  #place(): string {
    this.#skipSpaces();
    return this.#at >= this.#text.length ? "at the end" : `before ${this.#rest()}`;
  }

  #fault(what: string, at = this.#at): Error {
    return appError("usage/invalid", `The filter is not understood at character ${at + 1}: ${what}.`, {
      hint: 'A filter reads like: rating >= 4 and (tag = "ink" or model = "sdxl*") and not flag = rejected.',
    });
  }
}
