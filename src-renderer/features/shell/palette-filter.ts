/** @file Which commands match what was typed, best first. */

/**
 * Ranks a label against typed text: 0 starts with it, 1 a word starts with it, 2 contains it, 3 has its letters in order; null no match.
 * An empty text matches all.
 */
export function matchRank(label: string, text: string): number | null {
  const wanted = text.trim().toLowerCase();
  const known = label.toLowerCase();
  if (known.startsWith(wanted)) return 0;
  if (known.split(/[\s/:_-]+/).some((word) => word.startsWith(wanted))) return 1;
  if (known.includes(wanted)) return 2;
  let at = -1;
  for (const letter of wanted.replaceAll(" ", "")) {
    at = known.indexOf(letter, at + 1);
    if (at < 0) return null;
  }
  return 3;
}

/** The items that match, best first; equal ones keep their order. */
export function rankByLabel<Item extends { readonly label: string }>(items: readonly Item[], text: string): readonly Item[] {
  return items
    .map((item) => ({ item, rank: matchRank(item.label, text) }))
    .filter((entry): entry is { item: Item; rank: number } => entry.rank !== null)
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}
