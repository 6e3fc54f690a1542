/** @file Near-duplicates of a result fold into its tile. In memory: which matches nearly equal one another comes with the answer. */
import type { AssetId } from "#shared/domain/asset";
import type { Match } from "#shared/domain/search";

export interface FoldedMatches {
  readonly shown: readonly Match[];
  /** How many matches lie under a shown one. */
  readonly copyCounts: ReadonlyMap<AssetId, number>;
}

/** Of matches that nearly equal one another, the first in the order at hand is shown. */
export function foldCopies(matches: readonly Match[]): FoldedMatches {
  const firsts = new Map<AssetId, Match>();
  const copyCounts = new Map<AssetId, number>();
  for (const match of matches) {
    const family = match.copyOf ?? match.asset.id;
    const first = firsts.get(family);
    if (first === undefined) firsts.set(family, match);
    else copyCounts.set(first.asset.id, (copyCounts.get(first.asset.id) ?? 0) + 1);
  }
  return { shown: [...firsts.values()], copyCounts };
}
