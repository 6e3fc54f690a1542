/** @file Scores one pair of the library with the maps of where the two pictures agree. */
import type { AssetId } from "#shared/domain/asset";
import type { MetricName } from "#shared/domain/feature-recipe";
import type { PairScore, PairSide } from "#shared/domain/score";
import type { Crop } from "#shared/domain/search";
import { defined } from "#shared/lib/assert";
import type { PairMap } from "../../ml/metrics/metric";
import type { InferenceService } from "../inference/inference-service";
import type { Lanes } from "../jobs/lanes";
import type { FeatureSource } from "./feature-source";
import type { MeasureRecipes } from "./measure-recipes";
import type { YardstickService } from "./yardstick-service";

export interface PairRequest {
  readonly a: AssetId;
  readonly b: AssetId;
  readonly metric: MetricName;
  readonly cropA?: Crop | null;
}

export interface CompareService {
  /** The score as Find ranks by it, both directions, and the maps made of the same features. Throws asset/not-found, image/..., metric/needs-model. */
  pair(request: PairRequest): Promise<PairScore>;
}

export interface CompareParts {
  readonly recipes: MeasureRecipes;
  readonly features: FeatureSource;
  readonly inference: InferenceService;
  readonly lanes: Lanes;
  readonly yardsticks: YardstickService;
}

/** Creates the service. */
export function createCompareService({ recipes, features, inference, lanes, yardsticks }: CompareParts): CompareService {
  return {
    async pair({ a, b, metric, cropA = null }) {
      const startedMs = performance.now();
      const recipe = await recipes.of(metric);
      const featuresOfA = await features.of(recipe, a, { crop: cropA });
      const featuresOfB = await features.of(recipe, b);
      const [scored] = await lanes.run("interactive", () => inference.score(recipe.key, featuresOfA, [featuresOfB]));
      const { score, directions, a: mapA, b: mapB } = defined(scored, "one target gives one score");
      const milliseconds = performance.now() - startedMs;
      return {
        metric,
        score,
        rarity: (await yardsticks.exact(recipe)).rarityOf(score),
        directions,
        a: sideOf(a, mapA),
        b: sideOf(b, mapB),
        recipe: recipe.recipe,
        modelName: recipe.modelName,
        device: (await inference.device()).id,
        milliseconds,
      };
    },
  };
}

function sideOf(assetId: AssetId, map: PairMap | null): PairSide | null {
  return map === null ? null : { assetId, grid: map.grid, heat: [...map.heat], match: [...map.match] };
}
