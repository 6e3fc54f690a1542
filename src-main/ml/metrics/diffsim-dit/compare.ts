/**
 * @file DiffSim of one pair on a DiT with every option of the published code.
 * Source: Song et al., "DiffSim: Taming Diffusion Models for Evaluating Visual Similarity", ICCV 2025; `diffsim_DiT` of the published code.
 */
import type { RawImage } from "../../../platform/raw-image";
import type { LatentPosterior } from "../../models/stable-diffusion/latents";
import { attentionTaps } from "../../models/stable-diffusion/tap-collector";
import { TorchGenerator } from "../../random/torch-generator";
import type { AttentionFeatures } from "../../scoring/attention-features";
import type { Tensor } from "../../tensor/tensor";
import { mirrorings } from "../diffsim/common-settings";
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
 * Scores a pair: the score is the mean of both directions, and over all seeds and mirror images that were asked for. Staged tensors are those of the
 * first of these.
 *
 * @throws metric/needs-model, checkpoint/incomplete, graph/unsupported-config, tap/unknown, step/out-of-range, usage/invalid, device/failed
 */
export async function compareDit(context: MetricContext, a: RawImage, b: RawImage, options: CompareOptions): Promise<PairComparison> {
  const watch = new Stopwatch();
  const pipeline = await openDitPipeline(context);
  const settings = ditSettings(pipeline.dit.config, options);
  const scores: DirectedScore[] = [];
  const tensors = new Map<string, Tensor>();
  for (const isMirrored of mirrorings(settings)) {
    const encode = (image: RawImage) => pipeline.encodeImage(image, settings.size, isMirrored);
    const posteriors = await watch.time("vae", async (): Promise<Pair<LatentPosterior>> => [await encode(a), await encode(b)]);
    const run: PairRun = { context, pipeline, settings, posteriors, watch };
    for (const seed of settings.seeds)
      scores.push(await scorePass(run, seed, options.keepTensors === true && scores.length === 0 ? tensors : null));
  }
  const recipe = await ditRecipe(pipeline.model, settings);
  return { ...meanScore(scores), similarity: settings.similarity, recipe, milliseconds: watch.milliseconds(), tensors };
}

interface PairRun {
  readonly context: MetricContext;
  readonly pipeline: DitPipeline;
  readonly settings: DitSettings;
  readonly posteriors: Pair<LatentPosterior>;
  readonly watch: Stopwatch;
}

/** One draw of noise; `tensors`, where given, is filled with the stages. */
async function scorePass(run: PairRun, seed: number, tensors: Map<string, Tensor> | null): Promise<DirectedScore> {
  const { pipeline, settings, posteriors, watch } = run;
  const { scalingFactor } = pipeline.dit.vae.config;
  const latents = noisePair(posteriors, { settings, scalingFactor, seed });
  const staged = tensors === null ? [] : stagedTaps(pipeline.dit.config.depth);
  const taps = [...new Set([...attentionTaps(settings.tap), ...staged])];
  const tap = ({ input }: NoisedLatent) => pipeline.tapDit(input, settings, taps);
  const tapped = await watch.time("unet", async (): Promise<Pair<TappedLatent>> => [await tap(latents[0]), await tap(latents[1])]);
  if (tensors !== null) stage(run, { seed, latents, tapped, tensors });
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
