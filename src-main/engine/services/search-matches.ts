/** @file From ranked pictures to the answer of a search: names, paths, rarity and votes. */
import type { AssetId } from "#shared/domain/asset";
import type { Match, SearchEvent, SearchQuery } from "#shared/domain/search";
import { defined } from "#shared/lib/assert";
import type { Store } from "../../data/store/store-types";
import type { Adjusted } from "./against-ranking";
import type { Scored } from "./candidate-ranking";
import { nearPartners } from "./duplicate-near";
import type { MeasureRecipes } from "./measure-recipes";
import type { VoteService } from "./vote-service";

/** A search event; `unranked` counts candidates whose picture is gone, which keep their coarse score. */
export type SearchStep = SearchEvent & { readonly unranked: number };

const noCopies: ReadonlyMap<AssetId, AssetId> = new Map();

/** The first of `scored` that the query asks for, with their votes. `rarityOf` is null where a score is on no scale that random pairs have. */
export async function matchesOf(
  { store, recipes, votes }: { readonly store: Store; readonly recipes: MeasureRecipes; readonly votes: VoteService },
  { query, rarityOf }: { readonly query: SearchQuery; readonly rarityOf: (score: number) => number | null },
  scored: readonly (Scored | Adjusted)[],
): Promise<Match[]> {
  const top = scored.slice(0, query.top);
  const ids = top.map(({ assetId }) => assetId);
  const voted = await votes.of(query, ids);
  const copies = query.findsCopies === true ? await nearPartners({ store, recipes }, ids) : noCopies;
  return top.flatMap((result, index): Match[] => {
    const { assetId, score } = result;
    const detail = store.assets.get(assetId);
    if (detail === null) return [];
    const { files, measuredWith: _, ...asset } = detail;
    const row = { rank: index + 1, asset, path: files[0]?.path ?? "", score, rarity: rarityOf(score) };
    const { againstScore, adjusted } = "adjusted" in result ? result : { againstScore: null, adjusted: null };
    return [{ ...row, againstScore, adjusted, copyOf: copies.get(assetId) ?? null, votes: defined(voted[index], "one vote a match") }];
  });
}
