/** @file From latent posteriors to what the network sees, drawing noise in the order of the published code, or the same for every picture. */
import { samplePosterior, scaleLatent, type LatentPosterior } from "../../models/stable-diffusion/latents";
import { addNoise, scaleModelInput } from "../../models/stable-diffusion/schedule";
import { TorchGenerator } from "../../random/torch-generator";
import { tensor, type Float32Tensor } from "../../tensor/tensor";
import type { CommonSettings } from "./common-settings";

/** The latents of one picture on its way into the network, each [1, C, h, w]. */
export interface NoisedLatent {
  /** What the sample was drawn with; `null` where nothing was drawn. */
  readonly draw: Float32Tensor | null;
  /** The sample of the posterior, or its mean in the corrected mode. */
  readonly sample: Float32Tensor;
  readonly clean: Float32Tensor;
  readonly noise: Float32Tensor;
  readonly noisy: Float32Tensor;
  /** `noisy` at the scale the network was trained on. */
  readonly input: Float32Tensor;
}

interface NoiseOptions {
  readonly settings: Pick<CommonSettings, "mode" | "noiseLevel" | "initialScale">;
  readonly scalingFactor: number;
  readonly seed: number;
}

/**
 * Noises the two pictures of a pair as the published code does: one generator gives the posterior draw of A, that of B, the noise of A, the noise of B.
 * So the two never get the same noise, and a picture's numbers depend on its place.
 */
export function noisePair(
  posteriors: readonly [LatentPosterior, LatentPosterior],
  options: NoiseOptions,
): readonly [NoisedLatent, NoisedLatent] {
  if (options.settings.mode === "corrected") return [noiseAlone(posteriors[0], options), noiseAlone(posteriors[1], options)];
  const generator = new TorchGenerator(options.seed);
  const sampled = (posterior: LatentPosterior): Sampled => {
    let draw: Float32Array | null = null;
    const sample = samplePosterior(posterior, (count) => (draw = generator.randn(count)));
    return { sample, draw };
  };
  const [a, b] = [sampled(posteriors[0]), sampled(posteriors[1])];
  const [noiseA, noiseB] = [generator.randn(a.sample.data.length), generator.randn(b.sample.data.length)];
  return [noised(a, noiseA, options), noised(b, noiseB, options)];
}

/** Noises the mean latent of one picture with the first draw of the seed, so that it depends on the picture alone. */
export function noiseAlone(posterior: LatentPosterior, options: NoiseOptions): NoisedLatent {
  const noise = new TorchGenerator(options.seed).randn(posterior.mean.data.length);
  return noised({ sample: posterior.mean, draw: null }, noise, options);
}

interface Sampled {
  readonly sample: Float32Tensor;
  readonly draw: Float32Array | null;
}

function noised({ sample, draw }: Sampled, noise: Float32Array, { settings, scalingFactor }: NoiseOptions): NoisedLatent {
  const { noiseLevel, initialScale } = settings;
  const clean = scaleLatent(scaleLatent(sample, scalingFactor), initialScale);
  const noisy = addNoise(clean.data, noise, noiseLevel);
  const like = (data: Float32Array) => tensor(sample.shape, data);
  return {
    sample,
    draw: draw && like(draw),
    clean,
    noise: like(noise),
    noisy: like(noisy),
    input: like(scaleModelInput(noisy, noiseLevel)),
  };
}
