/**
 * @file DiffSim of one pair with every option of the published code.
 * Source: Song et al., "DiffSim: Taming Diffusion Models for Evaluating Visual Similarity", ICCV 2025; `DiffSim.diffsim` and `diffsim_xl.diffsim_score` of
 * the published code.
 */
import type { MetricName } from "#shared/domain/feature-recipe";
import type { LatentPosterior } from "../../models/stable-diffusion/latents";
import { attentionTaps } from "../../models/stable-diffusion/tap-collector";
import { reverseColumns } from "../../tensor/reverse-columns";
import type { Float32Tensor, Tensor } from "../../tensor/tensor";
import type { MetricContext, MetricDefinition } from "../metric";
import { requiredModel } from "../required-model";
import { conditioningRows } from "./conditioning";
import { noisePair, type NoisedLatent } from "./noise";
import { attentionFeatures, openDiffsimPipeline, type DiffsimPipeline, type TappedLatent, type UNetConditioning } from "./pipeline";
import { meanScore, scoreFeatures, type DirectedScore } from "./scores";
import { diffsimRecipe, diffsimSettings, type DiffsimSettings } from "./settings";
import type { StagedSide } from "./staged-pair";
import { Stopwatch } from "./stopwatch";
import { variantOf } from "./variant";

type Pair<Item> = readonly [a: Item, b: Item];

/**
 * `comparePair` of the DiffSim called `metric`: the score is the mean of both directions, and over all seeds and mirror images that were asked for. Staged
 * tensors are those of the first of these.
 *
 * @throws metric/needs-model, checkpoint/incomplete, graph/unsupported-config, tap/unknown, step/out-of-range, usage/invalid, device/failed
 */
export function compareDiffsim(metric: MetricName): MetricDefinition["comparePair"] {
  return async (context, a, b, options) => {
    const watch = new Stopwatch();
    const pipeline = await openDiffsimPipeline(context, metric);
    const settings = diffsimSettings(pipeline.networks, options);
    const rows = await watch.time("text", () => conditioningRows(pipeline, settings));
    const run: PairRun = { context, pipeline, settings, rows, watch };
    const pixels: Pair<Float32Tensor> = [pipeline.pixelsOf(a, settings.size), pipeline.pixelsOf(b, settings.size)];
    const views = settings.flip ? [pixels, mirrored(pixels, settings.size)] : [pixels];
    const scores: DirectedScore[] = [];
    let tensors: ReadonlyMap<string, Tensor> = new Map();
    for (const view of views) {
      const posteriors = await watch.time("vae", async (): Promise<Pair<LatentPosterior>> => [
        await pipeline.encodePixels(view[0]),
        await pipeline.encodePixels(view[1]),
      ]);
      for (const seed of settings.seeds) {
        const keepsTensors = options.keepTensors === true && scores.length === 0;
        const scored = await scorePass(run, { pixels: view, posteriors, seed, keepsTensors });
        if (keepsTensors) tensors = scored.tensors;
        scores.push(scored.score);
      }
    }
    const recipe = await diffsimRecipe(requiredModel(context, metric, ""), settings);
    return { ...meanScore(scores), similarity: settings.similarity, recipe, milliseconds: watch.milliseconds(), tensors };
  };
}

function mirrored([a, b]: Pair<Float32Tensor>, size: number): Pair<Float32Tensor> {
  return [reverseColumns(a, size, 1), reverseColumns(b, size, 1)];
}

interface PairRun {
  readonly context: MetricContext;
  readonly pipeline: DiffsimPipeline;
  readonly settings: DiffsimSettings;
  readonly rows: readonly UNetConditioning[];
  readonly watch: Stopwatch;
}

/** One draw of noise for one view of the pictures. */
interface Pass {
  readonly pixels: Pair<Float32Tensor>;
  readonly posteriors: Pair<LatentPosterior>;
  readonly seed: number;
  readonly keepsTensors: boolean;
}

async function scorePass(
  { context, pipeline, settings, rows, watch }: PairRun,
  { pixels, posteriors, seed, keepsTensors }: Pass,
): Promise<{ readonly score: DirectedScore; readonly tensors: ReadonlyMap<string, Tensor> }> {
  const { networks } = pipeline;
  const variant = variantOf(networks);
  const latents = noisePair(posteriors, { settings, scalingFactor: networks.vae.config.scalingFactor, seed });
  const unetTaps = keepsTensors ? variant.stagedTaps(settings.tap, networks.unet.config) : new Map<string, string>();
  const taps = [...attentionTaps(settings.tap), ...unetTaps.values()];
  const tap = async ({ input }: NoisedLatent) => {
    const [tapped] = await pipeline.tapUNet({ latents: [input], timestep: settings.noiseLevel.timestep, rows, taps });
    return tapped as TappedLatent;
  };
  const tapped = await watch.time("unet", async (): Promise<Pair<TappedLatent>> => [await tap(latents[0]), await tap(latents[1])]);
  const side = (index: 0 | 1): StagedSide => ({
    pixels: pixels[index],
    posterior: posteriors[index],
    latents: latents[index],
    tapped: tapped[index],
    features: attentionFeatures(tapped[index], settings.tap),
  });
  const [a, b] = [side(0), side(1)];
  const score = await watch.time("score", () => scoreFeatures(context, settings.similarity, [a.features, b.features]));
  const tensors = keepsTensors
    ? await variant.stagedTensors(context, { networks, settings, rows, unetTaps, a, b })
    : new Map<string, Tensor>();
  return { score, tensors };
}
