/**
 * @file Cosine of the Gram matrices of two pictures in VGG-19, a measure of texture and palette.
 * Source: metrics/vgg_gram.py of the published DiffSim code, which by mistake compares the last rows of the matrices alone (quirk G1).
 */
import { appError } from "#shared/domain/app-error";
import type { FeatureRecipe, ScoringMode } from "#shared/domain/feature-recipe";
import type { RawImage } from "../../../platform/raw-image";
import type { ModelFolder } from "../../models/model-folder";
import { vggDepth } from "../../models/vgg/vgg";
import { processImages, resizedSize } from "../../preprocess/image-processor";
import { imagenetMean, imagenetStd, vitImageProcessorDefaults, type ImageProcessorConfig } from "../../preprocess/image-processor-config";
import { cosine, unit } from "../../tensor/linear-algebra";
import type { Float32Tensor, Tensor } from "../../tensor/tensor";
import type { CompareOptions, FeatureExtractor, MetricContext, MetricDefinition, PairComparison } from "../metric";
import { scorePooled } from "../pooled-score";
import { requiredModel } from "../required-model";
import { imageOutput } from "../vision/vision-network";
import { buildGram } from "./graph";
import { gramVector } from "./gram-vector";

const defaultSize = 512;
/** Four poolings must leave something. */
const smallestSize = 16;
/** Features of the first stage take 256 bytes a pixel. */
const mostPixels = 2 ** 23;

export const vggGram: MetricDefinition = {
  name: "vgg-gram",
  title: "VGG Gram",
  hint: "Which textures occur together, in VGG-19.",
  modelWords: "torchvision's VGG-19",
  question: "style",
  heeds: ["size"],
  families: ["vgg"],
  direction: "similarity",
  vote: null,
  hasTokens: false,
  ranksByTokens: false,
  publishedIgnoresOrientation: true,
  runsOn: (model) => vggDepth(model.part().tensors) === 19,
  comparePair: compareGrams,
  createExtractor: (context, options) => Promise.resolve(gramExtractor(context, options)),
};

async function compareGrams(context: MetricContext, a: RawImage, b: RawImage, options: CompareOptions): Promise<PairComparison> {
  const started = performance.now();
  if (options.similarity === "mse")
    throw appError("usage/invalid", "vgg-gram is a cosine of Gram matrices and has no mse.", { hint: "Leave out --similarity." });
  const mode = options.mode ?? "published";
  const network = openGramNetwork(context, { mode, size: options.size });
  const keepStages = options.keepTensors === true;
  const tensors = new Map<string, Tensor>();
  const compared: Float32Array[] = [];
  for (const [side, image] of [
    ["a", a],
    ["b", b],
  ] as const) {
    const outputs = await network.run(image, keepStages);
    const gram = outputs["gram"] as Float32Tensor;
    compared.push(mode === "published" ? lastRow(gram) : gram.data);
    if (!keepStages) continue;
    tensors.set(`features_${side}`, imageOutput(outputs, "features", 0));
    tensors.set(`gram_${side}`, gram);
  }
  return {
    score: cosine(...(compared as [Float32Array, Float32Array])),
    directions: { ab: null, ba: null },
    similarity: "cosine",
    recipe: network.recipe,
    milliseconds: { total: performance.now() - started },
    tensors,
  };
}

function lastRow({ shape, data }: Float32Tensor): Float32Array {
  return data.subarray(data.length - (shape[1] ?? 0));
}

/** Keeps what the mode compares; of whole matrices the vectors of {@link gramVector}. */
function gramExtractor(context: MetricContext, options: CompareOptions): FeatureExtractor {
  const mode = options.mode ?? "corrected";
  const network = openGramNetwork(context, { mode, size: options.size });
  return {
    recipe: network.recipe,
    extract: async (images) => {
      const features = [];
      for (const image of images) {
        const gram = (await network.run(image, false))["gram"] as Float32Tensor;
        const vector = mode === "published" ? lastRow(gram) : gramVector(gram.data, gram.shape[0] ?? 0);
        features.push({ pooled: unit(vector), attention: null });
      }
      return features;
    },
    score: (query, targets) => scorePooled(query, targets),
    dispose: () => Promise.resolve(),
  };
}

interface GramNetwork {
  readonly recipe: FeatureRecipe;
  /** Outputs of {@link buildGram} for one picture. */
  run(image: RawImage, keepStages: boolean): Promise<Readonly<Record<string, Tensor>>>;
}

function openGramNetwork(
  context: MetricContext,
  { mode, size = defaultSize }: { readonly mode: ScoringMode; readonly size: number | undefined },
): GramNetwork {
  const model = requiredModel(context, "vgg-gram", "VGG-19 in torchvision's names");
  const processor = shortSideProcessor(size);
  return {
    recipe: gramRecipe(model, { size, mode }),
    run: async (image, keepStages) => {
      assertNotTooNarrow(image, processor);
      const session = await context.sessions.get(buildGram(model.part().scope(), { keepStages }), context.runtime);
      return session.run({ pixel_values: processImages([image], processor) });
    },
  };
}

/** torchvision's `Resize(size)` (short side, bilinear, quirk G4), `ToTensor` and `Normalize`. */
function shortSideProcessor(size: number): ImageProcessorConfig {
  if (!Number.isInteger(size) || size < smallestSize || size * size > mostPixels)
    throw appError("usage/invalid", `A short side of ${size} pixels is not possible with vgg-gram.`, {
      hint: `Give a whole number of at least ${smallestSize}; ${defaultSize} is usual.`,
    });
  return { ...vitImageProcessorDefaults, size: { shortest_edge: size }, image_mean: imagenetMean, image_std: imagenetStd };
}

function assertNotTooNarrow(image: RawImage, { size }: ImageProcessorConfig): void {
  const { width, height } = resizedSize(image, size);
  if (width * height <= mostPixels) return;
  throw appError(
    "image/too-large",
    `A picture of ${image.width} x ${image.height} pixels is too narrow for vgg-gram: it would be enlarged to ${width} x ${height}.`,
    {
      hint: "Crop the picture, or give a smaller --size.",
    },
  );
}

function gramRecipe(model: ModelFolder, { size, mode }: { readonly size: number; readonly mode: ScoringMode }): FeatureRecipe {
  return {
    metric: "vgg-gram",
    family: model.family,
    modelSha256: model.sha256,
    mode,
    precision: "float32",
    tap: "conv5_1",
    imageSize: size,
    parameters: {},
    version: 1,
  };
}
