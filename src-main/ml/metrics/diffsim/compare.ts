/**
 * @file DiffSim of one pair with every option of the published code.
 * Source: Song et al., "DiffSim: Taming Diffusion Models for Evaluating Visual Similarity", ICCV 2025; `DiffSim.diffsim` of the published code.
 */
import type { RawImage } from "../../../platform/raw-image";
import type { LatentPosterior } from "../../models/stable-diffusion/latents";
import { attentionTaps } from "../../models/stable-diffusion/tap-collector";
import { createAlignedAttention } from "../../scoring/aligned-attention";
import type { AttentionFeatures } from "../../scoring/attention-features";
import type { Float32Tensor, Tensor } from "../../tensor/tensor";
import type { CompareOptions, MetricContext, PairComparison } from "../metric";
import { requiredModel } from "../required-model";
import { noisePair, type NoisedLatent } from "./noise";
import { attentionFeatures, openDiffsimPipeline, type DiffsimPipeline, type TappedLatent, type UNetConditioning } from "./pipeline";
import { directedScore, meanScore, type DirectedScore } from "./scores";
import { diffsimRecipe, diffsimSettings, type DiffsimSettings } from "./settings";
import { crossAttention, stagedSide, stagedUNetTaps } from "./staged-tensors";
import { Stopwatch } from "./stopwatch";

type Pair<Item> = readonly [a: Item, b: Item];

/**
 * Scores a pair: `score` is the mean of both directions (of several seeds, the mean over them).
 *
 * @throws metric/needs-model, checkpoint/incomplete, graph/unsupported-config, tap/unknown, step/out-of-range, usage/invalid, device/failed
 */
export async function compareDiffsim(context: MetricContext, a: RawImage, b: RawImage, options: CompareOptions): Promise<PairComparison> {
  const watch = new Stopwatch();
  const pipeline = await openDiffsimPipeline(context);
  const settings = diffsimSettings(pipeline.networks, options);
  const rows = await watch.time("text", () => conditioningRows(pipeline, settings));
  const pixels: Pair<Float32Tensor> = [pipeline.pixelsOf(a, settings.size), pipeline.pixelsOf(b, settings.size)];
  const posteriors = await watch.time("vae", async (): Promise<Pair<LatentPosterior>> => [
    await pipeline.encodePixels(pixels[0]),
    await pipeline.encodePixels(pixels[1]),
  ]);
  const run: PairRun = { context, pipeline, settings, rows, pixels, posteriors, watch, keepsTensors: options.keepTensors === true };
  const scores: DirectedScore[] = [];
  const tensors = new Map<string, Tensor>();
  for (const seed of settings.seeds) {
    const scored = await scoreWithSeed(run, seed);
    scores.push(scored.score);
    for (const [name, value] of scored.tensors) tensors.set(name, value);
  }
  const recipe = await diffsimRecipe(requiredModel(context, "diffsim-s", ""), settings);
  return { ...meanScore(scores), similarity: settings.similarity, recipe, milliseconds: watch.milliseconds(), tensors };
}

/** What each latent is shown with: the negative prompt first, as classifier-free guidance stacks them. */
export async function conditioningRows(pipeline: DiffsimPipeline, settings: DiffsimSettings): Promise<readonly UNetConditioning[]> {
  const positive = await pipeline.encodePrompt(settings.prompt);
  return settings.hasNegativeRow ? [await pipeline.encodePrompt(settings.negativePrompt), positive] : [positive];
}

interface PairRun {
  readonly context: MetricContext;
  readonly pipeline: DiffsimPipeline;
  readonly settings: DiffsimSettings;
  readonly rows: readonly UNetConditioning[];
  readonly pixels: Pair<Float32Tensor>;
  readonly posteriors: Pair<LatentPosterior>;
  readonly watch: Stopwatch;
  readonly keepsTensors: boolean;
}

async function scoreWithSeed(
  run: PairRun,
  seed: number,
): Promise<{ readonly score: DirectedScore; readonly tensors: ReadonlyMap<string, Tensor> }> {
  const { context, pipeline, settings, rows, watch } = run;
  const { scalingFactor } = pipeline.networks.vae.config;
  const latents = noisePair(run.posteriors, { settings, scalingFactor, seed });
  const unetTaps = stagedUNetTaps(settings.tap, pipeline.networks.unet.config.blockOutChannels.length);
  const taps = [...attentionTaps(settings.tap), ...(run.keepsTensors ? unetTaps.values() : [])];
  const tap = async ({ input }: NoisedLatent) => {
    const [tapped] = await pipeline.tapUNet({ latents: [input], timestep: settings.noiseLevel.timestep, rows, taps });
    return tapped as TappedLatent;
  };
  const tapped = await watch.time("unet", async (): Promise<Pair<TappedLatent>> => [await tap(latents[0]), await tap(latents[1])]);
  const features: Pair<AttentionFeatures> = [attentionFeatures(tapped[0], settings.tap), attentionFeatures(tapped[1], settings.tap)];
  const score = await watch.time("score", () => scoreFeatures(context, settings, features));
  return { score, tensors: run.keepsTensors ? await stagedTensors(run, { latents, tapped, features, unetTaps }) : new Map() };
}

async function scoreFeatures(context: MetricContext, settings: DiffsimSettings, [a, b]: Pair<AttentionFeatures>): Promise<DirectedScore> {
  const { heads, headDim } = a;
  const aligned = await createAlignedAttention({ heads, headDim, ...context.runtime, sessions: context.sessions });
  const [score] = await aligned.score(a, [b]);
  return directedScore(score as NonNullable<typeof score>, settings.similarity);
}

interface Staged {
  readonly latents: Pair<NoisedLatent>;
  readonly tapped: Pair<TappedLatent>;
  readonly features: Pair<AttentionFeatures>;
  readonly unetTaps: ReadonlyMap<string, string>;
}

async function stagedTensors(
  { context, pixels, posteriors, rows }: PairRun,
  { latents, tapped, features, unetTaps }: Staged,
): Promise<ReadonlyMap<string, Tensor>> {
  const side = (index: 0 | 1) => ({
    pixels: pixels[index],
    posterior: posteriors[index],
    latents: latents[index],
    tapped: tapped[index],
    features: features[index],
  });
  const [a, b] = features;
  const tensors = new Map([
    ...stagedSide("A", side(0), { rows: rows.length, unetTaps }),
    ...stagedSide("B", side(1), { rows: rows.length, unetTaps }),
  ]);
  tensors.set("A.on_B", await crossAttention(context, { from: a, to: b, rows: rows.length }));
  tensors.set("B.on_A", await crossAttention(context, { from: b, to: a, rows: rows.length }));
  const [positive, negative] = [...rows].reverse();
  if (positive !== undefined) tensors.set("text_positive", positive.encoderHiddenStates);
  if (negative !== undefined) tensors.set("text_negative", negative.encoderHiddenStates);
  return tensors;
}
