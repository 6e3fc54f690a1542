/**
 * @file How alike two pictures are in their colours alone, by no model: what metrics of things are nearly blind to. Pictures are brought to one small size
 * first, so that a pattern of pixels or of paper counts by the colour it has from a distance.
 */
import { appError } from "#shared/domain/app-error";
import type { FeatureRecipe } from "#shared/domain/feature-recipe";
import type { MaskImage, RawImage } from "../../../platform/raw-image";
import { resize, resizeSamples } from "../../preprocess/resize";
import { dot } from "../../tensor/linear-algebra";
import type { CompareOptions, FeatureExtractor, MetricContext, MetricDefinition, PairComparison } from "../metric";
import { scorePooled } from "../pooled-score";
import { colourBins, colourHistogram } from "./colour-histogram";

/** Pixels a side. */
const size = 96;

const recipe: FeatureRecipe = {
  metric: "colour",
  family: "starter",
  modelSha256: "",
  mode: "corrected",
  precision: "float32",
  tap: "oklab-histogram",
  imageSize: size,
  parameters: { lightnessBins: colourBins.lightness, axisBins: colourBins.axis },
  version: 1,
};

export const colour: MetricDefinition = {
  name: "colour",
  title: "Colour",
  hint: "Which colours there are and how much of each, wherever they are.",
  modelWords: "nothing",
  question: "style",
  heeds: [],
  families: ["starter"],
  direction: "similarity",
  vote: null,
  hasTokens: false,
  ranksByTokens: false,
  takesMasks: true,
  comparePair: compareColours,
  createExtractor: () => Promise.resolve(extractor),
};

function compareColours(_context: MetricContext, a: RawImage, b: RawImage, options: CompareOptions): Promise<PairComparison> {
  if (options.similarity === "mse")
    throw appError("usage/invalid", "colour is the overlap of two histograms and has no mse.", { hint: "Leave out --similarity." });
  const started = performance.now();
  return Promise.resolve({
    score: dot(coloursOf(a, options.masks?.a), coloursOf(b, options.masks?.b)),
    directions: { ab: null, ba: null },
    similarity: "cosine",
    recipe,
    milliseconds: { total: performance.now() - started },
    tensors: new Map(),
  });
}

/** Throws usage/invalid for a mask that leaves nothing. */
function coloursOf(image: RawImage, mask: MaskImage | null = null): Float32Array {
  const area = { width: size, height: size };
  const small = resize(image, area, { filter: "box" });
  const weights = mask === null ? null : resizeSamples({ ...mask, channels: 1 }, area, { filter: "box" });
  const histogram = colourHistogram(small, weights);
  if (histogram === null) throw appError("usage/invalid", "A mask leaves nothing of its picture.", { hint: "Paint what counts white." });
  return histogram;
}

const extractor: FeatureExtractor = {
  recipe,
  extract: (images) => Promise.resolve(images.map((image) => ({ pooled: coloursOf(image), attention: null }))),
  score: (query, targets) => scorePooled(query, targets),
  dispose: () => Promise.resolve(),
};
