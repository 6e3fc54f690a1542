/** @file JSON as generators write it: seeds of 64 bits, which a number would round, and the NaN that Python prints. */

/** A whole number too long for 53 bits, and the words that are no JSON; only outside of texts. */
const inexact = /(?<![\d.eE+-])-?\d{16,}(?![\d.eE])|-?\bInfinity\b|\bNaN\b/g;

/** The value of a JSON text, with long whole numbers as text and NaN as null; `undefined` when it is no JSON. */
export function parseExactJson(text: string): unknown {
  try {
    return JSON.parse(withExactNumbers(text)) as unknown;
  } catch {
    return undefined;
  }
}

/** As {@link parseExactJson}, for a text that should hold one object. */
export function parseJsonObject(text: string | undefined): Readonly<Record<string, unknown>> | null {
  if (text === undefined || !text.trimStart().startsWith("{")) return null;
  const value = parseExactJson(text);
  return isRecord(value) ? value : null;
}

/** True for an object that is no list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function exact(found: string): string {
  if (!/\d/.test(found)) return "null";
  return Number.isSafeInteger(Number(found)) ? found : `"${found}"`;
}

/** Goes over the text once, so that no text, however long or broken, takes more than time in proportion to its length. */
function withExactNumbers(text: string): string {
  const parts: string[] = [];
  let at = 0;
  while (at < text.length) {
    const quote = text.indexOf('"', at);
    const outside = text.slice(at, quote < 0 ? text.length : quote);
    parts.push(outside.replace(inexact, exact));
    if (quote < 0) break;
    at = endOfString(text, quote);
    parts.push(text.slice(quote, at));
  }
  return parts.join("");
}

/** The place after the quote that ends the string beginning at `start`. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}
