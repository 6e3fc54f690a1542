/** @file From latent posteriors to what the network sees, drawing noise in the order of the published code, or the same for every picture. */
import { samplePosterior, scaleLatent, type LatentPosterior } from "../../models/stable-diffusion/latents";
import { addNoise, scaleModelInput } from "../../models/stable-diffusion/schedule";
import { TorchGenerator } from "../../random/torch-generator";
import { tensor, type Float32Tensor } from "../../tensor/tensor";
import type { DiffsimSettings } from "./settings";

/** The latents of one picture on its way into the network, each [1, C, h, w]. */
export interface NoisedLatent {
  /** The sample of the posterior, or its mean in the corrected mode. */
  readonly sample: Float32Tensor;
  readonly clean: Float32Tensor;
  readonly noise: Float32Tensor;
  readonly noisy: Float32Tensor;
  /** `noisy` at the scale the network was trained on. */
  readonly input: Float32Tensor;
}

interface NoiseOptions {
  readonly settings: Pick<DiffsimSettings, "mode" | "noiseLevel" | "initialScale">;
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
  const randn = (count: number) => generator.randn(count);
  const [sampleA, sampleB] = [samplePosterior(posteriors[0], randn), samplePosterior(posteriors[1], randn)];
  const [noiseA, noiseB] = [randn(sampleA.data.length), randn(sampleB.data.length)];
  return [noised(sampleA, noiseA, options), noised(sampleB, noiseB, options)];
}

/** Noises the mean latent of one picture with the first draw of the seed, so that it depends on the picture alone. */
export function noiseAlone(posterior: LatentPosterior, options: NoiseOptions): NoisedLatent {
  return noised(posterior.mean, new TorchGenerator(options.seed).randn(posterior.mean.data.length), options);
}

function noised(sample: Float32Tensor, noise: Float32Array, { settings, scalingFactor }: NoiseOptions): NoisedLatent {
  const { noiseLevel, initialScale } = settings;
  const clean = scaleLatent(scaleLatent(sample, scalingFactor), initialScale);
  const noisy = addNoise(clean.data, noise, noiseLevel);
  const like = (data: Float32Array) => tensor(sample.shape, data);
  return { sample, clean, noise: like(noise), noisy: like(noisy), input: like(scaleModelInput(noisy, noiseLevel)) };
}
