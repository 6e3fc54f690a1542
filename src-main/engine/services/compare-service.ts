/** @file Scores one pair of the library with the maps of where the two pictures agree. */
import type { AssetId } from "#shared/domain/asset";
import type { MetricName } from "#shared/domain/feature-recipe";
import type { ForegroundPair } from "#shared/domain/mask";
import type { PairScore, PairSide } from "#shared/domain/score";
import type { Crop } from "#shared/domain/search";
import { defined } from "#shared/lib/assert";
import type { PairMap } from "../../ml/metrics/metric";
import { foregroundScore } from "../../ml/scoring/foreground-score";
import type { InferenceService } from "../inference/inference-service";
import type { Lanes } from "../jobs/lanes";
import type { FeatureSource } from "./feature-source";
import { type ForegroundService, noForegroundScore } from "./foreground-service";
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
  /** The score of the pair and of its foregrounds, by the masks in use. Throws usage/invalid for a metric that sees a picture as one thing. */
  foreground(request: Omit<PairRequest, "cropA">): Promise<ForegroundPair>;
}

export interface CompareParts {
  readonly recipes: MeasureRecipes;
  readonly features: FeatureSource;
  readonly inference: InferenceService;
  readonly lanes: Lanes;
  readonly yardsticks: YardstickService;
  readonly foregrounds: ForegroundService;
}

/** Creates the service. */
export function createCompareService({ recipes, features, inference, lanes, yardsticks, foregrounds }: CompareParts): CompareService {
  async function measure({ a, b, metric, cropA = null }: PairRequest) {
    const recipe = await recipes.of(metric);
    const featuresOfA = await features.of(recipe, a, { crop: cropA });
    const featuresOfB = await features.of(recipe, b);
    const [scored] = await lanes.run("interactive", () => inference.score(recipe.key, featuresOfA, [featuresOfB]));
    return { recipe, featuresOfA, featuresOfB, scored: defined(scored, "one target gives one score") };
  }

  return {
    async pair(request) {
      const startedMs = performance.now();
      const { a, b, metric } = request;
      const { recipe, scored } = await measure(request);
      const { score, directions, a: mapA, b: mapB } = scored;
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
    async foreground(request) {
      const { recipe, featuresOfA, featuresOfB, scored } = await measure(request);
      const maskA = await foregrounds.maskOf(recipe, request.a, featuresOfA);
      const maskB = await foregrounds.maskOf(recipe, request.b, featuresOfB);
      if (scored.alignment === undefined || maskA === null || maskB === null) throw noForegroundScore(request.metric);
      return { whole: scored.score, foreground: foregroundScore(scored, { a: maskA, b: maskB }) };
    },
  };
}

function sideOf(assetId: AssetId, map: PairMap | null): PairSide | null {
  return map === null ? null : { assetId, grid: map.grid, heat: [...map.heat], match: [...map.match] };
}
