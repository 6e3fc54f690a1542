/** @file Votes: each family of metrics says whether a picture is rarely like the references in its own eyes. */
import type { AssetId } from "#shared/domain/asset";
import type { SearchQuery, Votes } from "#shared/domain/search";
import { voterSchema } from "#shared/domain/vote-report";
import type { Store } from "../../data/store/store-types";
import type { FeatureSource } from "./feature-source";
import type { MeasureRecipe, MeasureRecipes } from "./measure-recipes";
import { cosine } from "../../ml/tensor/linear-algebra";
import { spokesmanOf } from "./spokesmen";
import type { YardstickService } from "./yardstick-service";

const nobody: Votes = { diffsim: null, clip: null, dino: null, starter: null };

export interface VoteService {
  /** One set of votes per asset, in their order; null where that family has not measured the asset or the library is too small to tell. */
  of(query: SearchQuery, assetIds: readonly AssetId[]): Promise<readonly Votes[]>;
}

export interface VoteParts {
  readonly store: Store;
  readonly recipes: MeasureRecipes;
  readonly features: FeatureSource;
  readonly yardsticks: YardstickService;
}

/** Creates the votes over pooled vectors: they cost a look-up, not an inference. */
export function createVoteService({ store, recipes, features, yardsticks }: VoteParts): VoteService {
  async function votesOf(recipe: MeasureRecipe, query: SearchQuery, assetIds: readonly AssetId[]): Promise<readonly (boolean | null)[]> {
    const { cutoff } = await yardsticks.pooled(recipe);
    const table = store.findEmbeddings(recipe.id);
    if (table === null || cutoff === null) return assetIds.map(() => null);
    const wanted = query.references.filter((reference) => reference.weight > 0);
    const references = await Promise.all(wanted.map((reference) => features.of(recipe, reference.assetId, { crop: reference.crop })));
    if (references.length === 0) return assetIds.map(() => null);
    const vectors = await table.get(assetIds);
    return assetIds.map((id) => {
      const vector = vectors.get(id);
      return vector === undefined ? null : references.some((reference) => cosine(reference.pooled, vector) >= cutoff);
    });
  }

  return {
    async of(query, assetIds) {
      const rows = assetIds.map(() => ({ ...nobody }));
      const measured = await recipes.active();
      for (const voter of voterSchema.options) {
        const recipe = spokesmanOf(measured, voter, query.metric);
        if (recipe === null) continue;
        // A reference that cannot be measured by this family leaves its vote open; the search itself goes on.
        const votes = await votesOf(recipe, query, assetIds).catch(() => assetIds.map(() => null));
        for (const [index, vote] of votes.entries()) {
          const row = rows[index];
          if (row !== undefined) row[voter] = vote;
        }
      }
      return rows;
    },
  };
}
