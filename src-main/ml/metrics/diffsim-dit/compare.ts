/**
 * @file DiffSim of one pair on a DiT with every option of the published code.
 * Source: Song et al., "DiffSim: Taming Diffusion Models for Evaluating Visual Similarity", ICCV 2025; `diffsim_DiT` of the published code.
 */
import type { RawImage } from "../../../platform/raw-image";
import type { LatentPosterior } from "../../models/stable-diffusion/latents";
import { attentionTaps } from "../../models/stable-diffusion/tap-collector";
import { TorchGenerator } from "../../random/torch-generator";
import { diffusionImages } from "../../preprocess/diffusion-image";
import type { AttentionFeatures } from "../../scoring/attention-features";
import type { Tensor } from "../../tensor/tensor";
import { noisePair, type NoisedLatent } from "../diffsim/noise";
import { attentionFeatures, type TappedLatent } from "../diffsim/pipeline";
import { meanScore, scoreFeatures, type DirectedScore } from "../diffsim/scores";
import { Stopwatch } from "../diffsim/stopwatch";
import type { CompareOptions, MetricContext, PairComparison } from "../metric";
import { openDitPipeline, type DitPipeline } from "./pipeline";
import { ditRecipe, ditSettings, type DitSettings } from "./settings";
import { stagedSide, stagedTaps } from "./staged-tensors";

type Pair<Item> = readonly [a: Item, b: Item];

/**
 * Scores a pair: `score` is the mean of both directions (of several seeds, the mean over them).
 *
 * @throws metric/needs-model, checkpoint/incomplete, graph/unsupported-config, tap/unknown, step/out-of-range, usage/invalid, device/failed
 */
export async function compareDit(context: MetricContext, a: RawImage, b: RawImage, options: CompareOptions): Promise<PairComparison> {
  const watch = new Stopwatch();
  const pipeline = await openDitPipeline(context);
  const settings = ditSettings(pipeline.dit.config, options);
  const encode = (image: RawImage) => pipeline.encodePixels(diffusionImages([image], settings.size));
  const posteriors = await watch.time("vae", async (): Promise<Pair<LatentPosterior>> => [await encode(a), await encode(b)]);
  const run: PairRun = { context, pipeline, settings, posteriors, watch, keepsTensors: options.keepTensors === true };
  const scores: DirectedScore[] = [];
  const tensors = new Map<string, Tensor>();
  for (const seed of settings.seeds) scores.push(await scoreWithSeed(run, seed, tensors));
  const recipe = await ditRecipe(pipeline.model, settings);
  return { ...meanScore(scores), similarity: settings.similarity, recipe, milliseconds: watch.milliseconds(), tensors };
}

interface PairRun {
  readonly context: MetricContext;
  readonly pipeline: DitPipeline;
  readonly settings: DitSettings;
  readonly posteriors: Pair<LatentPosterior>;
  readonly watch: Stopwatch;
  readonly keepsTensors: boolean;
}

async function scoreWithSeed(run: PairRun, seed: number, tensors: Map<string, Tensor>): Promise<DirectedScore> {
  const { pipeline, settings, posteriors, watch } = run;
  const { scalingFactor } = pipeline.dit.vae.config;
  const latents = noisePair(posteriors, { settings, scalingFactor, seed });
  const staged = run.keepsTensors ? stagedTaps(pipeline.dit.config.depth) : [];
  const taps = [...new Set([...attentionTaps(settings.tap), ...staged])];
  const tap = ({ input }: NoisedLatent) => pipeline.tapDit(input, settings, taps);
  const tapped = await watch.time("unet", async (): Promise<Pair<TappedLatent>> => [await tap(latents[0]), await tap(latents[1])]);
  if (run.keepsTensors) stage(run, { seed, latents, tapped, tensors });
  const features: Pair<AttentionFeatures> = [attentionFeatures(tapped[0], settings.tap), attentionFeatures(tapped[1], settings.tap)];
  return watch.time("score", () => scoreFeatures(run.context, settings.similarity, features));
}

interface Staged {
  readonly seed: number;
  readonly latents: Pair<NoisedLatent>;
  readonly tapped: Pair<TappedLatent>;
  readonly tensors: Map<string, Tensor>;
}

/** Keeps the stages of both pictures. */
function stage({ settings, posteriors }: PairRun, { seed, latents, tapped, tensors }: Staged): void {
  const generator = new TorchGenerator(seed);
  const side = (index: 0 | 1) => {
    const { mean, logvar } = posteriors[index];
    // The first two draws of a seed, as in `noisePair`.
    const draw = settings.mode === "corrected" || logvar === null ? null : generator.randn(mean.data.length);
    return { posterior: posteriors[index], draw, latent: latents[index], tapped: tapped[index], tap: settings.tap };
  };
  for (const [name, value] of [...stagedSide("A", side(0)), ...stagedSide("B", side(1))]) tensors.set(name, value);
  tensors.set("y", { dtype: "int32", shape: [settings.classLabels.length], data: Int32Array.from(settings.classLabels) });
}
