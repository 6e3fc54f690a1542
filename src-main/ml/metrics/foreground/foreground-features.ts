/**
 * @file Foreground feature averaging: the mean of DINOv2's patches inside a mask, compared by their cosine.
 * Source: metrics/foreground_feature_averaging.py of the published DiffSim code, after the CUTE benchmark; its segmenter is replaced by the mask that is given,
 * the picture's own transparency, or an estimate from the model's own patches.
 */
import { appError } from "#shared/domain/app-error";
import type { ScoringMode } from "#shared/domain/feature-recipe";
import type { MaskImage, RawImage } from "../../../platform/raw-image";
import { estimateForeground } from "../../maps/foreground-estimate";
import { type FeatureMap, tileVector } from "../../maps/feature-map";
import { openDinov2 } from "../../models/dinov2/dinov2";
import { noTaps } from "../../models/vision-taps";
import { imagenetMean, imagenetStd, vitImageProcessorDefaults, type ImageProcessorConfig } from "../../preprocess/image-processor-config";
import type { AttentionGrid } from "../../scoring/attention-features";
import { cosine, unit } from "../../tensor/linear-algebra";
import { tensor, type Float32Tensor, type Tensor } from "../../tensor/tensor";
import { transformerNetwork } from "../dinov2/network";
import type { CompareOptions, FeatureExtractor, ImageFeatures, MetricContext, MetricDefinition, PairComparison } from "../metric";
import { scorePooled } from "../pooled-score";
import { requiredModel } from "../required-model";
import { imageOutput, visionRecipe, type VisionNetwork } from "../vision/vision-network";
import { maskOfTiles, type PatchWeights, patchWeights, publishedPatchWeights, segmented } from "./token-mask";

/** Squashed to 336 x 336, bicubic (quirk F4), which gives 24 x 24 patches of 14 pixels. */
const processor: ImageProcessorConfig = {
  ...vitImageProcessorDefaults,
  size: { height: 336, width: 336 },
  resample: "bicubic",
  image_mean: imagenetMean,
  image_std: imagenetStd,
};

/** Whose patches are averaged, under the names of the published code: those of the picture with its background in black, or those of the whole picture (quirk F5). */
const allVariants = ["crop-feat", "crop-img"] as const;
type Variant = (typeof allVariants)[number];

export const foregroundFeatures: MetricDefinition = {
  name: "foreground-features",
  title: "Foreground features",
  hint: "Cosine of DINOv2's features in the foreground.",
  modelWords: "DINOv2",
  question: "instance",
  heeds: ["tap"],
  families: ["dinov2"],
  direction: "similarity",
  vote: null,
  hasTokens: false,
  ranksByTokens: false,
  takesMasks: true,
  comparePair: compareForegrounds,
  createExtractor: foregroundExtractor,
};

async function openNetwork(context: MetricContext, mode: ScoringMode): Promise<VisionNetwork> {
  const model = requiredModel(context, "foreground-features", "a DINOv2 model");
  return transformerNetwork(model, mode, { ...(await openDinov2(model)), processor });
}

async function compareForegrounds(context: MetricContext, a: RawImage, b: RawImage, options: CompareOptions): Promise<PairComparison> {
  const started = performance.now();
  if (options.similarity === "mse")
    throw appError("usage/invalid", "foreground-features is a cosine of mean features and has no mse.", {
      hint: "Leave out --similarity.",
    });
  const mode = options.mode ?? "published";
  const variants = chosenVariants(options.tap, mode);
  const network = await openNetwork(context, mode);
  const observe = observer(context, network, mode);
  const first = await observe(a, options.masks?.a ?? null, variants);
  const second = await observe(b, options.masks?.b ?? null, variants);
  const scores = variants.map((_, index) => cosine(first.features[index] as Float32Array, second.features[index] as Float32Array));
  return {
    score: scores[0] ?? Number.NaN,
    directions: { ab: null, ba: null },
    ...(scores.length === 1 ? {} : { scores }),
    similarity: "cosine",
    recipe: visionRecipe(network, { metric: "foreground-features", mode, tap: variants.join(", ") }),
    milliseconds: { total: performance.now() - started },
    tensors: options.keepTensors === true ? new Map([...staged("a", network, first), ...staged("b", network, second)]) : new Map(),
  };
}

/** The features of the first variant, and which patches they are the mean of. */
function staged(side: "a" | "b", { grid }: VisionNetwork, { weights, features: [feature] }: Foreground): ReadonlyMap<string, Tensor> {
  const mask: Tensor = { dtype: "uint8", shape: [grid.rows, grid.columns], data: Uint8Array.from(weights, Math.ceil) };
  const mean = feature ?? new Float32Array();
  return new Map<string, Tensor>([
    [`token_mask_${side}`, mask],
    [`feature_${side}`, tensor([mean.length], mean)],
  ]);
}

/**
 * Both as published, of which the first is the score. The corrected mode leaves the picture whole: a patch beside black is unlike any the network has seen, and an
 * estimated mask that is a little wrong then costs a little.
 */
function chosenVariants(tap: string | undefined, mode: ScoringMode): readonly Variant[] {
  if (tap === undefined) return mode === "published" ? allVariants : ["crop-img"];
  const variant = allVariants.find((each) => each === tap);
  if (variant !== undefined) return [variant];
  throw appError("tap/unknown", `foreground-features has no tap ${tap}.`, { hint: `Taps: ${allVariants.join(", ")}.` });
}

interface Foreground {
  readonly weights: PatchWeights;
  /** Of each wanted variant the mean of the patches that count. */
  readonly features: readonly Float32Array[];
}

/** Looks at one picture inside its mask, or inside the estimated foreground where there is none. */
type Observe = (image: RawImage, mask: MaskImage | null, wanted: readonly Variant[]) => Promise<Foreground>;

function observer(context: MetricContext, network: VisionNetwork, mode: ScoringMode): Observe {
  const graph = network.build({ ...noTaps, embedding: true, stages: true });
  const patchesOf = async (image: RawImage): Promise<FeatureMap> => {
    const session = await context.sessions.get(graph, context.runtime);
    const outputs = await session.run({ pixel_values: network.processImages([image]) });
    return patchMap(imageOutput(outputs, "last_hidden_state", 0), network.grid);
  };
  return async (image, given, wanted) => {
    let seen: Promise<FeatureMap> | null = null;
    const whole = (): Promise<FeatureMap> => (seen ??= patchesOf(image));
    const mask = given ?? maskOfTiles(estimateForeground(await whole()), network.grid, image);
    assertSameSize(mask, image);
    const cut = segmented(image, mask, mode);
    const weights =
      mode === "published" ? publishedPatchWeights(network.processImages([cut]), network.grid) : patchWeights(mask, network.grid);
    const features: Float32Array[] = [];
    for (const variant of wanted) features.push(weightedMean(await (variant === "crop-img" ? whole() : patchesOf(cut)), weights));
    return { weights, features };
  };
}

/** The patches after the final norm, without class and register tokens. */
function patchMap({ shape, data }: Float32Tensor, { rows, columns, prefix }: AttentionGrid): FeatureMap {
  const channels = shape.at(-1) ?? 0;
  return { rows, columns, channels, data: data.subarray(prefix * channels) };
}

function weightedMean(map: FeatureMap, weights: PatchWeights): Float32Array {
  const sum = new Float64Array(map.channels);
  let total = 0;
  weights.forEach((weight, tile) => {
    total += weight;
    if (weight > 0) tileVector(map, tile).forEach((x, channel) => (sum[channel] = (sum[channel] ?? 0) + weight * x));
  });
  return Float32Array.from(sum, (x) => x / total);
}

function assertSameSize(mask: MaskImage, image: RawImage): void {
  if (mask.width === image.width && mask.height === image.height) return;
  throw appError(
    "usage/invalid",
    `A mask of ${mask.width} x ${mask.height} pixels does not fit a picture of ${image.width} x ${image.height}.`,
    {
      hint: "Save the mask at the size of its picture.",
    },
  );
}

/** Measures pictures inside their estimated foregrounds: a library keeps no masks. */
async function foregroundExtractor(context: MetricContext, options: CompareOptions): Promise<FeatureExtractor> {
  const mode = options.mode ?? "corrected";
  const network = await openNetwork(context, mode);
  const variants = chosenVariants(options.tap, mode).slice(0, 1);
  const observe = observer(context, network, mode);
  return {
    recipe: visionRecipe(network, { metric: "foreground-features", mode, tap: variants.join() }),
    extract: async (images) => {
      const features: ImageFeatures[] = [];
      for (const image of images) {
        const [feature] = (await observe(image, null, variants)).features;
        features.push({ pooled: unit(feature ?? new Float32Array()), attention: null });
      }
      return features;
    },
    score: (query, targets) => scorePooled(query, targets),
    dispose: () => Promise.resolve(),
  };
}
