/** @file Plain text tables: columns as wide as their longest cell, numbers to the right. */

export { scoreText } from "../../../engine/report/check-words";

/** A number, a rarity (`1 in 250`) or an absent one. */
const numeric = /^(?:-?\d[\d.,]*(?: in [\d,]+)?|rarer than all|n\/a|)$/;

/** Lays out rows under their headings. Columns of numbers are set to the right. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const shown = rows.map((row) => row.map(printable));
  const widths = headings.map((heading, column) => Math.max(heading.length, ...shown.map((row) => row[column]?.length ?? 0)));
  const isNumeric = headings.map(
    (_, column) => shown.some((row) => /\d/.test(row[column] ?? "")) && shown.every((row) => numeric.test(row[column] ?? "")),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (isNumeric[column] === true ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join("  ")
      .trimEnd();
  return [line(headings), ...shown.map(line)].join("\n");
}

/** Text for a terminal: what would start a new line or steer the terminal (a file may be called so) is written as `\n` or `\x1b`. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) =>
    character === "\n" ? "\\n" : `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}

/** A rarity as people say it: `1 in 250`. */
export function rarityText(rarity: number | null): string {
  if (rarity === null) return "n/a";
  return rarity === 0 ? "rarer than all" : `1 in ${Math.max(1, Math.round(1 / rarity)).toLocaleString("en")}`;
}
