/** @file What the metrics of tapped diffusion features have in common: a pass over pictures, one tap, and how two pictures are compared by it. */
import { appError } from "#shared/domain/app-error";
import type { FeatureRecipe } from "#shared/domain/feature-recipe";
import type { RawImage } from "../../../platform/raw-image";
import { tapPictures, type TappedPicture } from "../../features/diffusion/tap-pictures";
import type { UNetPass } from "../../features/diffusion/unet-pass";
import { resolvePassTaps } from "../../features/diffusion/unet-taps";
import type { ResolvedTap } from "../../features/tap-names/resolve-taps";
import { attentionTaps } from "../../models/stable-diffusion/tap-collector";
import { meanOutput } from "../../scoring/mean-output";
import { cosine, unit } from "../../tensor/linear-algebra";
import { tensor, type Float32Tensor, type Tensor } from "../../tensor/tensor";
import { createPassScorer } from "../diffsim/pass-scorer";
import { attentionFeatures } from "../diffsim/pipeline";
import { extractByPass, type FeaturePass } from "../feature-pass";
import type {
  CompareOptions,
  FeatureExtractor,
  ImageFeatures,
  MetricContext,
  MetricDefinition,
  MetricFacts,
  PairComparison,
  PairScore,
} from "../metric";
import { mapScorer, mapTokens } from "./map-match";

/** How a metric brings pictures before the U-Net, and what it compares. */
export interface OpenedTap {
  readonly pass: UNetPass;
  /** Any name of a tap. */
  readonly tap: string;
  /** Whether a self-attention is compared by the Aligned Attention Score, rather than by what it gives. */
  readonly aligns: boolean;
  /** What is done to the features of each picture before their cosine. */
  readonly prepare?: (features: Float32Array) => Float32Array;
}

export interface TappedMetric {
  readonly facts: Omit<MetricFacts, "direction" | "hasTokens" | "ranksByTokens"> & Pick<MetricDefinition, "isEnabledBy" | "settings">;
  open(context: MetricContext, options: CompareOptions): Promise<OpenedTap>;
}

/** Bump when the numbers of unchanged inputs change. */
const recipeVersion = 1;

/** A metric whose score is the cosine of a feature map, or the aligned score of a self-attention; 1 for a picture and itself, symmetric in the corrected mode. */
export function tappedMetric(metric: TappedMetric): MetricDefinition {
  return {
    ...metric.facts,
    direction: "similarity",
    hasTokens: true,
    ranksByTokens: true,
    comparePair: (context, a, b, options) => comparePair({ metric, context, options: { mode: "published", ...options } }, [a, b]),
    createExtractor: (context, options) => createExtractor({ metric, context, options: { ...options, mode: "corrected" } }),
  };
}

interface Request {
  readonly metric: TappedMetric;
  readonly context: MetricContext;
  readonly options: CompareOptions;
}

/** An opened metric with its taps found in the network. */
interface Chosen extends OpenedTap {
  readonly taps: readonly ResolvedTap[];
  /** Module path of the attention that is compared by the aligned score; null where a map is compared. */
  readonly attention: string | null;
  readonly recipe: FeatureRecipe;
}

async function choose({ metric, context, options }: Request): Promise<Chosen> {
  const opened = await metric.open(context, options);
  const [named] = resolvePassTaps(opened.pass, [opened.tap]);
  const path = named?.path ?? "";
  const attention = opened.aligns && path.endsWith(".attn1") ? path : null;
  if (attention === null && options.similarity === "mse")
    throw appError("usage/invalid", `${metric.facts.name} is a cosine of feature maps and has no mse.`, {
      hint: "Leave out --similarity.",
    });
  const { family, modelSha256, imageSize, parameters } = await opened.pass.recipe();
  const recipe: FeatureRecipe = {
    metric: metric.facts.name,
    family,
    modelSha256,
    mode: options.mode ?? "published",
    precision: "float32",
    tap: path,
    imageSize,
    parameters,
    version: recipeVersion,
  };
  const names = attention === null ? [mapName(opened.tap)] : attentionTaps(attention);
  return { ...opened, taps: resolvePassTaps(opened.pass, names), attention, recipe };
}

/** Query, key and value are compared as maps. */
function mapName(tap: string): string {
  return tap.replace(/\.([qkv])$/, ".to_$1");
}

async function comparePair(request: Request, images: readonly [RawImage, RawImage]): Promise<PairComparison> {
  const started = performance.now();
  const { options } = request;
  const chosen = await choose(request);
  const pictures = images.map((image) => ({ image, alpha: null }));
  const [a, b] = (await tapPictures(chosen.pass, pictures, chosen.taps)) as [TappedPicture, TappedPicture];
  const { score, directions } = chosen.attention === null ? mapScore(chosen, a, b) : await alignedScore(request, chosen, [a, b]);
  return {
    score,
    directions,
    similarity: options.similarity ?? "cosine",
    recipe: chosen.recipe,
    milliseconds: { total: performance.now() - started },
    tensors: options.keepTensors === true ? stagedTensors(a, b) : new Map<string, Tensor>(),
  };
}

type DirectedPair = Pick<PairScore, "score" | "directions">;

async function alignedScore(request: Request, chosen: Chosen, [a, b]: readonly [TappedPicture, TappedPicture]): Promise<DirectedPair> {
  const [score] = await alignedScorer(request).score(imageFeatures(chosen, a), [imageFeatures(chosen, b)]);
  return score as PairScore;
}

/** Features are averaged over noise and mirror images before they are scored, so they hold one look. */
function alignedScorer({ context, options: { similarity = "cosine" } }: Request): Pick<FeatureExtractor, "score" | "dispose"> {
  return createPassScorer(context, { seeds: [0], flip: false, similarity });
}

function mapScore(chosen: Chosen, a: TappedPicture, b: TappedPicture): DirectedPair {
  const prepared = [a, b].map((tapped) => {
    const { data } = requiredMap(chosen, tapped);
    return chosen.prepare?.(data) ?? data;
  }) as [Float32Array, Float32Array];
  return { score: cosine(...prepared), directions: { ab: null, ba: null } };
}

/** The map of a picture, with guidance rows in front where there are two. Throws usage/invalid for a value that is none. */
function requiredMap({ taps, tap }: Chosen, tapped: TappedPicture): Float32Tensor {
  const map = tapped.get(taps[0]?.name ?? "") as Float32Tensor;
  const isAttentionMap = taps[0]?.path.endsWith(".map") === true;
  if (map.shape.length >= 3 && !isAttentionMap) return map;
  throw appError("usage/invalid", `${tap} has no value for every place of the picture, so pictures cannot be compared by it.`, {
    hint: "`semblance features --list-taps` shows what has the shape [channels, rows, columns].",
  });
}

function stagedTensors(a: TappedPicture, b: TappedPicture): ReadonlyMap<string, Tensor> {
  const named = (side: string, tapped: TappedPicture) => [...tapped].map(([name, value]) => [`${side}.${name}`, value] as const);
  return new Map([...named("A", a), ...named("B", b)]);
}

async function createExtractor(request: Request): Promise<FeatureExtractor> {
  const { context } = request;
  const chosen = await choose(request);
  const scorer = chosen.attention === null ? mapScorer(context) : alignedScorer(request);
  const pass: FeaturePass = {
    key: JSON.stringify([context.checkpoint?.path, { ...chosen.recipe, tap: null }]),
    taps: chosen.taps.map(({ name }) => name),
    run: async (images, names) => {
      await chosen.pass.rows();
      await chosen.pass.pipeline.releaseTextEncoder();
      const taps = resolvePassTaps(chosen.pass, names);
      const tapped: TappedPicture[] = [];
      // One by one: in a call of their own they are no pair.
      for (const image of images) tapped.push(...(await tapPictures(chosen.pass, [{ image, alpha: null }], taps)));
      return tapped;
    },
    features: (tapped) => imageFeatures(chosen, tapped),
  };
  return {
    recipe: chosen.recipe,
    pass,
    extract: (images) => extractByPass(pass, images),
    ...scorer,
  };
}

function imageFeatures(chosen: Chosen, tapped: TappedPicture): ImageFeatures {
  const attention =
    chosen.attention === null ? mapTokens(requiredMap(chosen, tapped)) : attentionFeatures(inOneRow(tapped), chosen.attention);
  return { pooled: unit(meanOutput(attention)), attention };
}

function inOneRow(tapped: TappedPicture): TappedPicture {
  return new Map([...tapped].map(([name, { shape, data }]) => [name, tensor([1, ...shape], data)]));
}
