/** @file Plain text tables: columns as wide as their longest cell, numbers to the right. */

/** Lays out rows under their headings. A cell that is a number or starts like one is set to the right. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, column) => Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const isNumeric = headings.map((_, column) => rows.length > 0 && rows.every((row) => /^(?:-?[\d.]|n\/a|-$|$)/.test(row[column] ?? "")));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (isNumeric[column] === true ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join("  ")
      .trimEnd();
  return [line(headings), ...rows.map(line)].join("\n");
}

/** A score or n/a, with three decimals. */
export function scoreText(score: number | null): string {
  return score === null ? "n/a" : score.toFixed(3);
}

/** A rarity as people say it: `1 in 250`. */
export function rarityText(rarity: number | null): string {
  if (rarity === null) return "n/a";
  return rarity === 0 ? "rarer than all" : `1 in ${Math.max(1, Math.round(1 / rarity)).toLocaleString("en")}`;
}
