/** @file In which form fresh features are kept, recipe by recipe, and how often kept ones were found. */
import type { FeatureForm } from "#shared/domain/feature-cache";
import type { RecipeId } from "#shared/domain/feature-recipe";
import type { FeatureRecord } from "../../data/store/feature-records";
import type { Store } from "../../data/store/store-types";

/** Smaller features (at half precision) are not worth a rounding: a hundred thousand pictures of them fit the usual budget. */
export const largeFeatureBytes = 64 * 2 ** 10;

/** The form that follows from what was chosen and measured. */
export function formUnder({ choice, check }: Pick<FeatureRecord, "choice" | "check">): FeatureForm {
  if (choice !== "auto") return choice;
  return check !== null && check.isAccepted && check.bytesPerPicture >= largeFeatureBytes ? "int8" : "float16";
}

export interface FeatureForms {
  of(recipeId: RecipeId): FeatureForm;
  noteRead(recipeId: RecipeId, isFound: boolean): void;
  /** Reads since the last clearing, those of this process included. */
  reads(recipeId: RecipeId): { readonly hits: number; readonly misses: number };
  /** Adds what was counted to the library's records. */
  save(): Promise<void>;
}

/** Creates the forms of one library. */
export function createFeatureForms({ featureRecords: records, isReadOnly }: Store): FeatureForms {
  const counted = new Map<RecipeId, { hits: number; misses: number }>();
  return {
    of: (recipeId) => formUnder(records.get(recipeId)),
    noteRead(recipeId, isFound) {
      const counts = counted.get(recipeId) ?? { hits: 0, misses: 0 };
      counts[isFound ? "hits" : "misses"] += 1;
      counted.set(recipeId, counts);
    },
    reads(recipeId) {
      const [saved, now] = [records.get(recipeId), counted.get(recipeId)];
      return { hits: saved.hits + (now?.hits ?? 0), misses: saved.misses + (now?.misses ?? 0) };
    },
    async save() {
      if (isReadOnly) return;
      for (const [recipeId, { hits, misses }] of counted)
        await records.change(recipeId, (saved) => ({ hits: saved.hits + hits, misses: saved.misses + misses }));
      counted.clear();
    },
  };
}
