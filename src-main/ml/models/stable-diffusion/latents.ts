/**
 * @file Latents of pictures: drawn from the posterior of the autoencoder, or its mean.
 * Source: diffusers `DiagonalGaussianDistribution.sample`; all arithmetic is rounded to float32 at every step, as there.
 */
import { tensor, type Float32Tensor } from "../../tensor/tensor";

const { fround, exp } = Math;

/** What the autoencoder says about one picture: mean and log variance of its latent, each [1, C, H/8, W/8]. */
export interface LatentPosterior {
  readonly mean: Float32Tensor;
  /** `null` when the mean is the latent itself. */
  readonly logvar: Float32Tensor | null;
}

/** mean + exp(logvar / 2) * draw, with a draw from the standard normal distribution for every number; where there is no variance nothing is drawn. */
export function samplePosterior({ mean, logvar }: LatentPosterior, randn: (count: number) => Float32Array): Float32Tensor {
  if (logvar === null) return mean;
  const draw = randn(mean.data.length);
  const sample = mean.data.map((center, i) => center + fround(fround(exp(0.5 * (logvar.data[i] ?? 0))) * (draw[i] ?? 0)));
  return tensor(mean.shape, sample);
}

/** Every number times `factor`. */
export function scaleLatent(latent: Float32Tensor, factor: number): Float32Tensor {
  return tensor(
    latent.shape,
    latent.data.map((x) => x * fround(factor)),
  );
}
