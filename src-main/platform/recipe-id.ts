/** @file The id of a feature recipe: equal recipes have equal ids, on every machine. */
import { createHash } from "node:crypto";
import type { FeatureRecipe, RecipeId } from "#shared/domain/feature-recipe";
import { featureRecipeSchema } from "#shared/domain/feature-recipe";
import { brandId } from "#shared/lib/branded-id";
import { canonicalJson } from "#shared/lib/canonical-json";

/** First 16 hex digits of the SHA-256 of the recipe's canonical JSON; fields that are not part of a recipe do not count. */
export function recipeIdOf(recipe: FeatureRecipe): RecipeId {
  const text = canonicalJson(featureRecipeSchema.parse(recipe));
  return brandId<RecipeId>(createHash("sha256").update(text).digest("hex").slice(0, 16));
}
