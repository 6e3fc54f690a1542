/** @file Which recipes a library is measured with: the starter's always, others once a person asked for them. */
import type { FeatureRecipe, MetricName, RecipeId } from "#shared/domain/feature-recipe";
import type { ModelCard } from "#shared/domain/model-card";
import { appError } from "#shared/domain/app-error";
import type { Store } from "../../data/store/store-types";
import { memoizePromise } from "../../platform/memoize-promise";
import { findMetric } from "../../ml/metrics/registry";
import { recipeIdOf } from "../../platform/recipe-id";
import type { ExtractorKey, InferenceService } from "../inference/inference-service";

/** Measured in every library, because their model ships with the program. */
export const starterMetrics: readonly MetricName[] = ["starter-style", "starter-subject"];

/** A recipe with all that is needed to measure and to score with it. */
export interface MeasureRecipe {
  readonly id: RecipeId;
  readonly recipe: FeatureRecipe;
  readonly key: ExtractorKey;
  readonly modelName: string;
  /** Whether its features hold tokens; else the pooled vector is all there is. */
  readonly hasTokens: boolean;
  /** Whether its score needs them; else it is the cosine of the pooled vectors. */
  readonly ranksByTokens: boolean;
}

export interface MeasureRecipes {
  /** The recipe of a metric with the model that runs it. Throws metric/needs-model when no known model enables it. */
  of(metric: MetricName): Promise<MeasureRecipe>;
  /** The recipe of a metric, or null when its model is not there. */
  find(metric: MetricName): Promise<MeasureRecipe | null>;
  /** What an index run measures: the starter's recipes and the ones that were asked for and still have their model. */
  active(): Promise<readonly MeasureRecipe[]>;
  /** Makes a metric part of every index run from now on. */
  activate(metric: MetricName): Promise<MeasureRecipe>;
  /** Call after models were added or removed. */
  forget(): void;
}

/** Creates the list over the library's rows. `models` gives the known models, bundled first. */
export function createMeasureRecipes(
  store: Store,
  inference: InferenceService,
  models: () => Promise<readonly ModelCard[]>,
): MeasureRecipes {
  const load = memoizePromise(async (metric: MetricName): Promise<MeasureRecipe | null> => {
    if (findMetric(metric).needs !== undefined) return null;
    const card = (await models()).find((model) => model.enables.includes(metric));
    if (card === undefined) return null;
    const key: ExtractorKey = { metric, modelPath: card.isBundled ? null : card.path };
    const recipe = await inference.openExtractor(key);
    const { hasTokens, ranksByTokens } = findMetric(metric);
    return { id: recipeIdOf(recipe), recipe, key, modelName: card.name, hasTokens, ranksByTokens };
  });

  async function of(metric: MetricName): Promise<MeasureRecipe> {
    if (findMetric(metric).needs !== undefined) {
      throw appError("metric/needs-model", `${metric} needs files beside its model, which a library does not keep.`, {
        hint: "Compare pairs of pictures with `semblance compare`, or judge it with `semblance bench`.",
      });
    }
    const found = await load(metric);
    if (found === null) {
      throw appError("metric/needs-model", `${metric} needs a model that this library does not know.`, {
        hint: "Add one with `semblance models add PATH`, or open Models and point at a folder.",
      });
    }
    return found;
  }

  async function activate(metric: MetricName): Promise<MeasureRecipe> {
    const chosen = await of(metric);
    await store.recipes.put({ ...chosen.recipe, name: metric, modelName: chosen.modelName });
    return chosen;
  }

  return {
    of,
    find: load,
    activate,
    async active() {
      const asked = store.recipes.list().map((row) => row.metric);
      const metrics = new Set<MetricName>([...starterMetrics, ...asked]);
      // A checkpoint that was moved or damaged must not keep the starter from measuring; Models and the mode picker tell about it.
      const found = await Promise.all(
        [...metrics].map((metric) => (starterMetrics.includes(metric) ? load(metric) : load(metric).catch(() => null))),
      );
      return found.filter((recipe) => recipe !== null);
    },
    forget: () => load.clear(),
  };
}
