/** @file A metric made by following docs/add-a-metric.md: how alike the mean colours of two pictures are. Importing it adds its row to the registry. */
import type { FeatureRecipe } from "#shared/domain/feature-recipe";
import type { FeatureExtractor, MetricContext, MetricDefinition, PairComparison } from "#main/ml/metrics/metric";
import { metrics } from "#main/ml/metrics/registry";
import { dot, unit } from "#main/ml/tensor/linear-algebra";
import type { RawImage } from "#main/platform/raw-image";

const recipe: FeatureRecipe = {
  metric: "mean-colour",
  family: "starter",
  modelSha256: "",
  mode: "corrected",
  precision: "float32",
  tap: "pixels",
  imageSize: 1,
  parameters: {},
  version: 1,
};

const meanColour: MetricDefinition = {
  name: "mean-colour",
  title: "Mean colour",
  hint: "How alike the mean colours are.",
  modelWords: "the starter model",
  question: "style",
  heeds: [],
  families: ["starter"],
  direction: "similarity",
  vote: null,
  hasTokens: false,
  ranksByTokens: false,
  comparePair,
  createExtractor,
};

/** Unit vector of the mean red, green and blue. */
export function meanOf({ data }: RawImage): Float32Array {
  const sums = new Float32Array(3);
  for (const [index, value] of data.entries()) sums[index % 3] = (sums[index % 3] ?? 0) + value;
  return unit(sums);
}

function comparePair(_context: MetricContext, a: RawImage, b: RawImage): Promise<PairComparison> {
  const started = performance.now();
  return Promise.resolve({
    score: dot(meanOf(a), meanOf(b)),
    directions: { ab: null, ba: null },
    similarity: "cosine",
    recipe,
    milliseconds: { total: performance.now() - started },
    tensors: new Map(),
  });
}

function createExtractor(): Promise<FeatureExtractor> {
  return Promise.resolve({
    recipe,
    extract: (images) => Promise.resolve(images.map((image) => ({ pooled: meanOf(image), attention: null }))),
    score: (query, targets) =>
      Promise.resolve(
        targets.map((target) => ({ score: dot(query.pooled, target.pooled), directions: { ab: null, ba: null }, a: null, b: null })),
      ),
    dispose: () => Promise.resolve(),
  });
}

(metrics as MetricDefinition[]).push(meanColour);
