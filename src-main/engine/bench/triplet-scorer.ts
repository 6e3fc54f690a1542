/**
 * @file One metric over triplets. Where the metric has features of single pictures, each picture is measured once and its features stay in the
 * library; elsewhere, and in published mode (where a score depends on the place in a pair), each pair is compared.
 */
import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import type { FeatureRecipe, MetricName, ScoringMode } from "#shared/domain/feature-recipe";
import { defined } from "#shared/lib/assert";
import { canonicalJson } from "#shared/lib/canonical-json";
import type { PairOfScores } from "../../ml/metrics/ensemble/votes";
import type { CompareOptions, ImageFeatures, MetricDefinition } from "../../ml/metrics/metric";
import { findMetric } from "../../ml/metrics/registry";
import { recipeIdOf } from "../../platform/recipe-id";
import type { Engine } from "../engine";
import type { CompanionPaths, ExtractorKey } from "../inference/inference-service";
import type { CheckpointChoice } from "../services/checkpoint-source";
import type { MeasureRecipe } from "../services/measure-recipes";
import { programVersion } from "../version";
import type { BenchPicture, OpenTriplet } from "./bench-picture";

/** A metric of a run, with the model and the settings it runs under. */
export interface BenchMetric {
  readonly name: MetricName;
  readonly model: CheckpointChoice;
  readonly companions: CompanionPaths;
  /** Without the prompt of a triplet, which takes the place of `prompt` where there is one. */
  readonly options: CompareOptions;
}

export interface TripletScorer {
  /** Equal ids give equal scores for the same pictures. */
  readonly id: string;
  /** The scores of the reference against both pictures, and the recipe they were made by. Throws image/... and what the metric throws. */
  score(triplet: OpenTriplet): Promise<{ readonly scores: PairOfScores; readonly recipe: FeatureRecipe }>;
}

/** Opens the metric. Throws checkpoint/..., usage/invalid and what else its options make it throw. */
export async function openScorer(engine: Engine, bench: BenchMetric, mode: ScoringMode): Promise<TripletScorer> {
  const metric = findMetric(bench.name);
  const isPerPicture = metric.createExtractor !== undefined && mode === "corrected";
  return isPerPicture ? featureScorer(engine, metric, bench) : pairScorer(engine, bench, mode);
}

/** A prompt of the triplet counts only for a metric that takes one. */
function optionsOf({ options }: BenchMetric, prompt: string | null): CompareOptions {
  return prompt === null || options.prompt === undefined ? options : { ...options, prompt };
}

async function featureScorer(engine: Engine, metric: MetricDefinition, bench: BenchMetric): Promise<TripletScorer> {
  const { hasTokens, ranksByTokens } = metric;
  const opened = new Map<string, Promise<MeasureRecipe>>();

  async function open(options: CompareOptions): Promise<MeasureRecipe> {
    const key: ExtractorKey = { metric: bench.name, modelPath: bench.model.path, companions: bench.companions, options };
    const recipe = await engine.inference.openExtractor(key);
    return { id: recipeIdOf(recipe), recipe, key, modelName: bench.model.name, hasTokens, ranksByTokens };
  }

  function recipeFor(prompt: string | null): Promise<MeasureRecipe> {
    const options = optionsOf(bench, prompt);
    const name = canonicalJson(options);
    const recipe = opened.get(name) ?? open(options);
    opened.set(name, recipe);
    return recipe;
  }

  const base = await recipeFor(null);
  return {
    id: base.id,
    async score({ reference, a, b, prompt }) {
      const recipe = await recipeFor(prompt);
      const featuresOf = async (picture: BenchPicture): Promise<ImageFeatures> =>
        engine.features.ofPicture(recipe, await picture.id(), picture.decode);
      const query = await featuresOf(reference);
      const targets = [await featuresOf(a), await featuresOf(b)];
      const [first, second] = await engine.inference.score(recipe.key, query, targets);
      return { scores: { a: defined(first, "a").score, b: defined(second, "b").score }, recipe: recipe.recipe };
    },
  };
}

async function pairScorer(engine: Engine, bench: BenchMetric, mode: ScoringMode): Promise<TripletScorer> {
  const { name, model, companions } = bench;
  const files = await Promise.all(Object.values(companions).map(async (path) => [path, (await stat(path).catch(() => null))?.mtimeMs]));
  const decisive = { name, sha256: model.sha256, mode, options: bench.options, files, programVersion };
  return {
    id: createHash("sha256").update(canonicalJson(decisive)).digest("hex").slice(0, 16),
    async score({ reference, a, b, prompt }) {
      const options: CompareOptions = { ...optionsOf(bench, prompt), mode };
      const compare = async (other: BenchPicture) =>
        engine.inference.comparePair({
          metric: name,
          modelPath: model.path,
          companions,
          a: await reference.decode(),
          b: await other.decode(),
          options,
        });
      const first = await compare(a);
      const second = await compare(b);
      return { scores: { a: first.score, b: second.score }, recipe: first.recipe };
    },
  };
}
