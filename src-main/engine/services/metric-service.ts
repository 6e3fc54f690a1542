/** @file Metrics as a person chooses them: what each answers, whether its model is there, how far the library is measured. */
import type { MetricName } from "#shared/domain/feature-recipe";
import type { RecipeProgress } from "#shared/domain/library";
import type { MetricCard, Question } from "#shared/domain/model-card";
import type { RandomPairs } from "#shared/domain/search";
import type { Store } from "../../data/store/store-types";
import type { MetricDefinition } from "../../ml/metrics/metric";
import { findMetric, metrics } from "../../ml/metrics/registry";
import type { MeasureRecipe, MeasureRecipes } from "./measure-recipes";
import type { YardstickService } from "./yardstick-service";

export interface MetricService {
  /** Metrics that can measure a library, the ones that answer their question best first. */
  list(): Promise<readonly MetricCard[]>;
  /** How far each active recipe has come. */
  progress(): Promise<readonly RecipeProgress[]>;
  randomPairs(metric: MetricName): Promise<RandomPairs>;
  /** The metric that answers a question best among those the whole library is measured with. */
  forQuestion(question: Question): Promise<MetricName>;
}

export interface MetricParts {
  readonly store: Store;
  readonly recipes: MeasureRecipes;
  readonly yardsticks: YardstickService;
}

/** Creates the service over one library. */
export function createMetricService({ store, recipes, yardsticks }: MetricParts): MetricService {
  async function measuredCount(recipe: MeasureRecipe): Promise<number> {
    const table = store.findEmbeddings(recipe.id);
    return (await table?.count()) ?? 0;
  }

  async function cardOf(metric: MetricName): Promise<MetricCard> {
    const { title, hint, modelWords, question, hasTokens, ranksByTokens, accuracy = null, blindTo = [] } = findMetric(metric);
    // A model that cannot be opened any more (moved, changed) is a model that is missing.
    const recipe = await recipes.find(metric).catch(() => null);
    const measured = recipe === null ? 0 : await measuredCount(recipe);
    const state = recipe === null ? "needs-model" : measured > 0 ? "ready" : "not-measured";
    return {
      metric,
      title,
      hint,
      needs: modelWords,
      question,
      model: recipe?.modelName ?? null,
      state,
      measured,
      total: store.assets.count(),
      accuracy,
      hasHeatMap: hasTokens,
      hasForeground: ranksByTokens,
      blindTo: [...blindTo],
    };
  }

  return {
    async list() {
      const measuring = metrics.filter(({ createExtractor, needs }) => createExtractor !== undefined && needs === undefined);
      return Promise.all(measuring.sort(byPreference).map(({ name }) => cardOf(name)));
    },
    async progress() {
      const active = await recipes.active();
      const total = store.assets.count();
      return Promise.all(
        active.map(async (recipe) => ({
          recipeId: recipe.id,
          metric: recipe.key.metric,
          name: recipe.key.metric,
          done: Math.min(total, await measuredCount(recipe)),
          total,
        })),
      );
    },
    async randomPairs(metric) {
      const yardstick = await yardsticks.exact(await recipes.of(metric));
      return { metric, scores: [...yardstick.scores], suggestedCutoff: yardstick.suggestedCutoff(store.assets.count()) };
    },
    async forQuestion(question) {
      const progress = await this.progress();
      const isMeasured = (metric: MetricName): boolean =>
        progress.some((row) => row.metric === metric && row.done > 0 && row.done >= row.total);
      const preferred = preferredMetrics(question);
      return preferred.find(isMeasured) ?? preferred.at(-1) ?? "starter-style";
    },
  };
}

/** Metrics that answer their question best come first; those without a place keep their order behind them. */
function byPreference(one: MetricDefinition, other: MetricDefinition): number {
  const placeOf = ({ preference, question }: MetricDefinition): number => preference?.[question] ?? Number.MAX_SAFE_INTEGER;
  return placeOf(one) - placeOf(other);
}

/** The metrics that answer a question, first the one that is asked when all are measured. */
function preferredMetrics(question: Question): readonly MetricName[] {
  const places = metrics.flatMap(({ name, preference }) => {
    const place = preference?.[question];
    return place === undefined ? [] : [{ name, place }];
  });
  return places.sort((one, other) => one.place - other.place).map(({ name }) => name);
}
