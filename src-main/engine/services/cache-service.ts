/** @file The kept features of a library as a person sees and steers them: status, form, budget, clearing, and the check behind the form. */
import { appError } from "#shared/domain/app-error";
import type { CachedRecipe, CacheStatus, FormCheck, FormChoice } from "#shared/domain/feature-cache";
import { defined } from "#shared/lib/assert";
import type { FeatureUsage, Store, StoredRecipe } from "../../data/store/store-types";
import type { Settings } from "../../platform/settings";
import { checkForms, type CheckOptions, type CheckParts, halfFeatures } from "./cache-check";
import { type FeatureForms, formUnder, largeFeatureBytes } from "./cache-forms";
import { featureBytes } from "./feature-blobs";
import type { MeasureRecipe, MeasureRecipes } from "./measure-recipes";

const gigabyte = 1e9;

export interface CacheService {
  status(): Promise<CacheStatus>;
  /** The recipe of the library that a metric's name or a recipe's id means. @throws usage/invalid */
  recipe(nameOrId: string): StoredRecipe;
  /** In which form features of a recipe are kept from now on; those that are kept stay as they are. */
  chooseForm(recipe: StoredRecipe, choice: FormChoice): Promise<CachedRecipe>;
  /** Changes the room and drops at once what no longer fits. */
  setBudget(bytes: number): Promise<FeatureUsage>;
  /** Drops features of one recipe, or all; they are measured again when they are asked for. */
  clear(recipe: StoredRecipe | null): Promise<FeatureUsage>;
  /** Measures whether eight bits do for a recipe, and remembers it. @throws library/not-indexed, metric/needs-model */
  check(recipe: StoredRecipe, options?: CheckOptions): Promise<FormCheck>;
  /** Checks those of the recipes that `auto` could keep smaller and that nobody checked yet; what cannot be checked yet is left. */
  checkLarge(recipes: readonly MeasureRecipe[]): Promise<void>;
}

export interface CacheParts extends CheckParts {
  readonly recipes: Pick<MeasureRecipes, "of">;
  readonly forms: FeatureForms;
  readonly settings: Settings;
}

/** Creates the service and gives the store its budget. */
export function createCacheService(parts: CacheParts): CacheService {
  const { store, forms, settings } = parts;
  store.features.setBudget(settings.get("featureCacheGigabytes") * gigabyte);

  function described(recipe: StoredRecipe, usage: ReadonlyMap<string, FeatureUsage>): CachedRecipe {
    const record = store.featureRecords.get(recipe.id);
    return {
      recipeId: recipe.id,
      metric: recipe.metric,
      modelName: recipe.modelName,
      form: formUnder(record),
      choice: record.choice,
      check: record.check,
      ...(usage.get(recipe.id) ?? { files: 0, bytes: 0 }),
      ...forms.reads(recipe.id),
    };
  }

  async function check(recipe: StoredRecipe, options?: CheckOptions): Promise<FormCheck> {
    const measured = await parts.recipes.of(recipe.metric);
    if (measured.id !== recipe.id) {
      throw appError(
        "metric/needs-model",
        `The features ${recipe.id} of ${recipe.metric} are of another model than the one there is now.`,
        {
          hint: `Check the features of ${recipe.metric} as it is now, or drop these with \`semblance cache clear --recipe ${recipe.id}\`.`,
        },
      );
    }
    const found = await checkForms(parts, measured, options);
    await store.featureRecords.change(recipe.id, () => ({ check: found }));
    return found;
  }

  async function isWorthChecking(recipe: MeasureRecipe): Promise<boolean> {
    const { choice, check: known } = store.featureRecords.get(recipe.id);
    if (!recipe.ranksByTokens || choice !== "auto" || known !== null) return false;
    const [one] = (await store.findEmbeddings(recipe.id)?.sample(1)) ?? [];
    const features = one === undefined ? null : await halfFeatures(store, recipe, one.assetId);
    return features !== null && featureBytes(features) >= largeFeatureBytes;
  }

  return {
    check,
    async status() {
      const usage = await store.features.usage();
      const recipes = store.recipes
        .list()
        .map((recipe) => described(recipe, usage))
        .filter(({ files, hits, misses, check: checked, choice }) => files + hits + misses > 0 || checked !== null || choice !== "auto");
      const sum = (of: (recipe: CachedRecipe) => number) => recipes.reduce((total, recipe) => total + of(recipe), 0);
      const reads = sum(({ hits, misses }) => hits + misses);
      const kept = [...usage.values()];
      return {
        budgetBytes: store.features.budgetBytes,
        files: kept.reduce((total, { files }) => total + files, 0),
        bytes: kept.reduce((total, { bytes }) => total + bytes, 0),
        hitShare: reads === 0 ? null : sum(({ hits }) => hits) / reads,
        recipes,
      };
    },
    recipe: (nameOrId) => recipeNamed(store, nameOrId),
    async chooseForm(recipe, choice) {
      await store.featureRecords.change(recipe.id, () => ({ choice }));
      return described(recipe, await store.features.usage());
    },
    async setBudget(bytes) {
      const before = await total(store);
      await store.features.resize(bytes);
      settings.set("featureCacheGigabytes", bytes / gigabyte);
      const after = await total(store);
      return { files: before.files - after.files, bytes: before.bytes - after.bytes };
    },
    async clear(recipe) {
      const dropped = await store.features.clear(recipe?.id ?? null);
      await forms.save();
      for (const { id } of recipe === null ? store.recipes.list() : [recipe])
        if (store.featureRecords.get(id).hits + store.featureRecords.get(id).misses > 0)
          await store.featureRecords.change(id, () => ({ hits: 0, misses: 0 }));
      return dropped;
    },
    async checkLarge(recipes) {
      for (const recipe of recipes) {
        if (!(await isWorthChecking(recipe))) continue;
        await check(defined(store.recipes.get(recipe.id), "a measured recipe is listed")).catch(() => undefined);
      }
    },
  };
}

async function total(store: Store): Promise<FeatureUsage> {
  const kept = [...(await store.features.usage()).values()];
  return { files: kept.reduce((sum, { files }) => sum + files, 0), bytes: kept.reduce((sum, { bytes }) => sum + bytes, 0) };
}

function recipeNamed(store: Store, nameOrId: string): StoredRecipe {
  const recipes = store.recipes.list();
  const found = recipes.filter(({ id, metric }) => id === nameOrId || metric === nameOrId);
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  if (only === undefined) {
    const names = recipes.map(({ metric }) => metric).join(", ");
    throw appError("usage/invalid", `The library is not measured with ${nameOrId}.`, {
      hint: names === "" ? "Run `semblance index run` first." : `It is measured with ${names}.`,
    });
  }
  const choices = found.map(({ id, modelName }) => `${id} (${modelName})`).join(", ");
  throw appError("usage/invalid", `The library is measured with ${nameOrId} in ${found.length} ways.`, { hint: `Name one: ${choices}.` });
}
