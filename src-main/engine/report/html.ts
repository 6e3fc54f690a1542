/** @file Templates of HTML: what is put into one is text unless it was made by another. */
import { escapeMarkup } from "#shared/lib/markup";

/** Markup that was made by {@link html}. */
class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}
export type Html = Markup;

/** Lists are joined, and null is nothing. */
type HtmlPart = Html | string | number | null | readonly HtmlPart[];

/** Markup of a template: strings and numbers among its parts are escaped, in attributes too, which must be in quotes. */
export function html(texts: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  return new Markup(texts.map((text, index) => text + textOf(parts[index] ?? null)).join(""));
}

function textOf(part: HtmlPart): string {
  if (part === null) return "";
  if (part instanceof Markup) return part.text;
  if (typeof part === "string") return escapeMarkup(part);
  return typeof part === "number" ? String(part) : part.map(textOf).join("");
}
