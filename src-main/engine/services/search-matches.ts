/** @file From ranked pictures to the answer of a search: names, paths, rarity and votes. */
import type { Match, SearchEvent, SearchQuery } from "#shared/domain/search";
import { defined } from "#shared/lib/assert";
import type { Store } from "../../data/store/store-types";
import type { Adjusted } from "./against-ranking";
import type { Scored } from "./candidate-ranking";
import type { VoteService } from "./vote-service";

/** A search event; `unranked` counts candidates whose picture is gone, which keep their coarse score. */
export type SearchStep = SearchEvent & { readonly unranked: number };

/** The first of `scored` that the query asks for, with their votes. `rarityOf` is null where a score is on no scale that random pairs have. */
export async function matchesOf(
  { store, votes }: { readonly store: Store; readonly votes: VoteService },
  { query, rarityOf }: { readonly query: SearchQuery; readonly rarityOf: (score: number) => number | null },
  scored: readonly (Scored | Adjusted)[],
): Promise<Match[]> {
  const top = scored.slice(0, query.top);
  const voted = await votes.of(
    query,
    top.map(({ assetId }) => assetId),
  );
  return top.flatMap((result, index): Match[] => {
    const { assetId, score } = result;
    const detail = store.assets.get(assetId);
    if (detail === null) return [];
    const { files, measuredWith: _, ...asset } = detail;
    const row = { rank: index + 1, asset, path: files[0]?.path ?? "", score, rarity: rarityOf(score) };
    const { againstScore, adjusted } = "adjusted" in result ? result : { againstScore: null, adjusted: null };
    return [{ ...row, againstScore, adjusted, votes: defined(voted[index], "one vote a match") }];
  });
}
