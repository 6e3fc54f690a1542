/**
 * @file Metrics over triplets. Where a metric has features of single pictures, each picture is measured once, together with all metrics that share
 * a pass of their network, and its features stay in the library; elsewhere, and in published mode (where a score depends on the place in a pair),
 * each pair is compared.
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
import type { Store } from "../../data/store/store-types";
import type { CompanionPaths, ExtractorKey, InferenceService } from "../inference/inference-service";
import type { CheckpointChoice } from "../services/checkpoint-source";
import type { FeatureSource } from "../services/feature-source";
import type { MeasureRecipe } from "../services/measure-recipes";
import { programVersion } from "../version";
import type { BenchPicture, OpenTriplet } from "./bench-picture";

/** What a benchmark needs of the engine. */
export interface BenchEngine {
  readonly store: Store;
  readonly features: FeatureSource;
  readonly inference: InferenceService;
}

/** A metric of a run, with the model and the settings it runs under. */
export interface BenchMetric {
  readonly name: MetricName;
  readonly model: CheckpointChoice;
  readonly companions: CompanionPaths;
  /** Without the prompt of a triplet, which takes the place of `prompt` where there is one. */
  readonly options: CompareOptions;
}

/** The scores of the reference against both pictures, and the recipe they were made by. */
export interface ScoredTriplet {
  readonly scores: PairOfScores;
  readonly recipe: FeatureRecipe;
}

/** Equal ids give equal scores for the same pictures. */
export type TripletScorer =
  | { readonly kind: "features"; readonly id: string; recipeFor(prompt: string | null): Promise<MeasureRecipe> }
  | { readonly kind: "pairs"; readonly id: string; score(triplet: OpenTriplet): Promise<ScoredTriplet> };

/** Opens a metric. Throws checkpoint/..., usage/invalid and what else its options make it throw. */
export async function openScorer(engine: BenchEngine, bench: BenchMetric, mode: ScoringMode): Promise<TripletScorer> {
  const metric = findMetric(bench.name);
  const isPerPicture = metric.createExtractor !== undefined && mode === "corrected";
  return isPerPicture ? featureScorer(engine, metric, bench) : pairScorer(engine, bench, mode);
}

/** Scores a triplet under several metrics, in their order. Throws image/... and what a metric throws; the signal's reason when aborted. */
export async function scoreTriplet(
  engine: BenchEngine,
  { scorers, signal }: { readonly scorers: readonly TripletScorer[]; readonly signal: AbortSignal },
  triplet: OpenTriplet,
): Promise<readonly ScoredTriplet[]> {
  const recipes: MeasureRecipe[] = [];
  for (const scorer of scorers) if (scorer.kind === "features") recipes.push(await scorer.recipeFor(triplet.prompt));
  const features: (readonly ImageFeatures[])[] = [];
  for (const picture of recipes.length === 0 ? [] : [triplet.reference, triplet.a, triplet.b]) {
    signal.throwIfAborted();
    features.push(await engine.features.ofPicture(recipes, { id: await picture.id(), decode: picture.decode, isKept: picture.recurs }));
  }
  const ofRecipes = await Promise.all(
    recipes.map((recipe, place) =>
      scoreFeatures(
        engine,
        recipe,
        features.map((ofPicture) => defined(ofPicture[place], "features")),
      ),
    ),
  );
  const scored: ScoredTriplet[] = [];
  for (const scorer of scorers) {
    signal.throwIfAborted();
    scored.push(scorer.kind === "pairs" ? await scorer.score(triplet) : defined(ofRecipes.shift(), "one score a recipe"));
  }
  return scored;
}

/** `features` are those of the reference and of both pictures. */
async function scoreFeatures(engine: BenchEngine, recipe: MeasureRecipe, features: readonly ImageFeatures[]): Promise<ScoredTriplet> {
  const [reference, ...targets] = features;
  const [a, b] = await engine.inference.score(recipe.key, defined(reference, "the reference"), targets, "score");
  return { scores: { a: defined(a, "a").score, b: defined(b, "b").score }, recipe: recipe.recipe };
}

/** A prompt of the triplet counts only for a metric that takes one. */
function optionsOf({ options }: BenchMetric, prompt: string | null): CompareOptions {
  return prompt === null || options.prompt === undefined ? options : { ...options, prompt };
}

async function featureScorer(engine: BenchEngine, metric: MetricDefinition, bench: BenchMetric): Promise<TripletScorer> {
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

  return { kind: "features", id: (await recipeFor(null)).id, recipeFor };
}

async function pairScorer(engine: BenchEngine, bench: BenchMetric, mode: ScoringMode): Promise<TripletScorer> {
  const { name, model, companions } = bench;
  const files = await Promise.all(Object.values(companions).map(async (path) => [path, (await stat(path).catch(() => null))?.mtimeMs]));
  const decisive = { name, sha256: model.sha256, mode, options: bench.options, files, programVersion };

  async function score({ reference, a, b, prompt }: OpenTriplet): Promise<ScoredTriplet> {
    const options: CompareOptions = { ...optionsOf(bench, prompt), mode };
    const compare = async (other: BenchPicture) => {
      const pair = { a: await reference.decode(), b: await other.decode() };
      return engine.inference.comparePair({ metric: name, modelPath: model.path, companions, ...pair, options });
    };
    const first = await compare(a);
    const second = await compare(b);
    return { scores: { a: first.score, b: second.score }, recipe: first.recipe };
  }

  return { kind: "pairs", id: createHash("sha256").update(canonicalJson(decisive)).digest("hex").slice(0, 16), score };
}
