/**
 * @file DiffSim of one pair with every option of the published code.
 * Source: Song et al., "DiffSim: Taming Diffusion Models for Evaluating Visual Similarity", ICCV 2025; `DiffSim.diffsim` and `diffsim_xl.diffsim_score` of
 * the published code.
 */
import type { RawImage } from "../../../platform/raw-image";
import type { LatentPosterior } from "../../models/stable-diffusion/latents";
import { reverseColumns } from "../../tensor/reverse-columns";
import type { Float32Tensor, Tensor } from "../../tensor/tensor";
import { openPrompterOf, variantParameters, type ImagePrompter, type ShownImage } from "../diffsim-c/image-prompter";
import type { MetricContext, MetricDefinition } from "../metric";
import { requiredModel } from "../required-model";
import { mirrorings } from "./common-settings";
import { conditioningRows, withImage } from "./conditioning";
import { noisePair } from "./noise";
import {
  attentionFeatures,
  featureTaps,
  openDiffsimPipeline,
  type DiffsimPipeline,
  type TappedLatent,
  type UNetConditioning,
} from "./pipeline";
import { meanScore, scoreFeatures, type DirectedScore } from "./scores";
import { diffsimRecipe, diffsimSettings, type DiffsimSettings } from "./settings";
import type { StagedSide } from "./staged-pair";
import { Stopwatch } from "./stopwatch";
import type { DiffsimVariant } from "./variant";

type Pair<Item> = readonly [a: Item, b: Item];

/**
 * `comparePair` of a DiffSim: the score is the mean of both directions, and over all seeds and mirror images that were asked for. Staged
 * tensors are those of the first of these.
 *
 * @throws metric/needs-model, checkpoint/incomplete, graph/unsupported-config, tap/unknown, step/out-of-range, usage/invalid, device/failed
 */
export function compareDiffsim(variant: DiffsimVariant): MetricDefinition["comparePair"] {
  return async (context, a, b, options) => {
    const { metric } = variant;
    const watch = new Stopwatch();
    const pipeline = await openDiffsimPipeline(context, metric);
    const settings = diffsimSettings(pipeline.networks, options, variant);
    const prompter = openPrompterOf(variant, pipeline, context);
    const rows = await watch.time("text", () => conditioningRows(pipeline, settings));
    // The two towers of XL beside its U-Net are more than a machine of 16 GiB holds; those of the others are small and stay for the next prompt.
    if (pipeline.networks.textTowers.length > 1) await pipeline.releaseTextEncoder();
    const run: PairRun = { context, variant, pipeline, prompter, settings, rows, watch };
    const scores: DirectedScore[] = [];
    let tensors: ReadonlyMap<string, Tensor> = new Map();
    for (const isMirrored of mirrorings(settings)) {
      const views: Pair<View> = [await viewOf(run, a, isMirrored), await viewOf(run, b, isMirrored)];
      for (const seed of settings.seeds) {
        const keepsTensors = options.keepTensors === true && scores.length === 0;
        const scored = await scorePass(run, { views, seed, keepsTensors });
        if (keepsTensors) tensors = scored.tensors;
        scores.push(scored.score);
      }
    }
    const recipe = await diffsimRecipe(requiredModel(context, metric, ""), settings, await variantParameters(run));
    return { ...meanScore(scores), similarity: settings.similarity, recipe, milliseconds: watch.milliseconds(), tensors };
  };
}

interface PairRun {
  readonly context: MetricContext;
  readonly variant: DiffsimVariant;
  readonly pipeline: DiffsimPipeline;
  readonly prompter: ImagePrompter | null;
  readonly settings: DiffsimSettings;
  /** What both pictures are shown with. */
  readonly rows: readonly UNetConditioning[];
  readonly watch: Stopwatch;
}

/** A picture as it is, or in a mirror, before there is any noise. */
interface View {
  readonly pixels: Float32Tensor;
  readonly posterior: LatentPosterior;
  readonly shown: ShownImage | null;
}

async function viewOf({ pipeline, prompter, settings, watch }: PairRun, image: RawImage, isMirrored: boolean): Promise<View> {
  const upright = pipeline.pixelsOf(image, settings.size);
  const pixels = isMirrored ? reverseColumns(upright, settings.size, 1) : upright;
  return {
    pixels,
    posterior: await watch.time("vae", () => pipeline.encodePixels(pixels)),
    shown: prompter && (await watch.time("image", () => prompter.show(image, isMirrored, settings.hasNegativeRow))),
  };
}

/** One draw of noise for one view of the pictures. */
interface Pass {
  readonly views: Pair<View>;
  readonly seed: number;
  readonly keepsTensors: boolean;
}

async function scorePass(
  { context, variant, pipeline, settings, rows, watch }: PairRun,
  { views, seed, keepsTensors }: Pass,
): Promise<{ readonly score: DirectedScore; readonly tensors: ReadonlyMap<string, Tensor> }> {
  const { networks } = pipeline;
  const { scalingFactor } = networks.vae.config;
  const latents = noisePair([views[0].posterior, views[1].posterior], { settings, scalingFactor, seed });
  const unetTaps = keepsTensors ? variant.stagedTaps(settings.tap, networks.unet.config) : new Map<string, string>();
  const taps = [...featureTaps(settings.tap), ...unetTaps.values()];
  const side = async (index: 0 | 1): Promise<StagedSide> => {
    const { shown } = views[index];
    const told = shown === null ? rows : withImage(rows, shown);
    const request = { latents: [latents[index].input], timestep: settings.noiseLevel.timestep, rows: told, taps };
    const [tapped] = (await watch.time("unet", () => pipeline.tapUNet(request))) as readonly [TappedLatent];
    return { ...views[index], latents: latents[index], tapped, features: attentionFeatures(tapped, settings.tap) };
  };
  const [a, b] = [await side(0), await side(1)];
  const score = await watch.time("score", () => scoreFeatures(context, settings.similarity, [a.features, b.features]));
  const tensors = keepsTensors
    ? await variant.stagedTensors(context, { networks, settings, rows, unetTaps, a, b })
    : new Map<string, Tensor>();
  return { score, tensors };
}
