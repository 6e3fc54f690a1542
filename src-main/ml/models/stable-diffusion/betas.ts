/**
 * @file The noise a diffusion model was trained with: betas, and what of the picture is left after t steps.
 * Arithmetic is float32 step by step, as PyTorch does it; only the running product is kept in float64, as its cumprod does.
 * Source: diffusers 0.29; Ho et al., "Denoising Diffusion Probabilistic Models", 2020; Lin et al., "Common Diffusion Noise Schedules ... are Flawed", 2024.
 */
import { exhaustive } from "#shared/lib/exhaustive";
import type { SchedulerConfig } from "./scheduler-config";

const { fround } = Math;

/** The share of the picture's variance left at each training timestep: the running product of `1 - beta`. One float32 per timestep. */
export function alphasCumprod(config: SchedulerConfig): Float32Array {
  const products = cumulativeProduct(oneMinus(betas(config)));
  // Solvers that divide by sigma keep the last step a hair above pure noise.
  const needsFiniteSigma = config.kind === "euler" || config.kind === "multistep";
  if (config.rescaleBetasZeroSnr && needsFiniteSigma) products[products.length - 1] = 2 ** -24;
  return products;
}

function betas(config: SchedulerConfig): Float32Array {
  const original = config.trainedBetas === null ? betasOfSchedule(config) : Float32Array.from(config.trainedBetas);
  return config.rescaleBetasZeroSnr ? rescaledToZeroSnr(original) : original;
}

function betasOfSchedule({ betaSchedule, betaStart, betaEnd, numTrainTimesteps }: SchedulerConfig): Float32Array {
  switch (betaSchedule) {
    case "linear":
      return linspace(betaStart, betaEnd, numTrainTimesteps);
    case "scaled_linear":
      return linspace(Math.sqrt(betaStart), Math.sqrt(betaEnd), numTrainTimesteps).map((root) => root * root);
    case "squaredcos_cap_v2": {
      const alphaBar = (t: number): number => Math.cos((((t / numTrainTimesteps + 0.008) / 1.008) * Math.PI) / 2) ** 2;
      return Float32Array.from({ length: numTrainTimesteps }, (_, t) => Math.min(1 - alphaBar(t + 1) / alphaBar(t), 0.999));
    }
    default:
      return exhaustive(betaSchedule);
  }
}

/** Shifts and scales the square roots of the products so that the last timestep is pure noise and the first is unchanged. */
function rescaledToZeroSnr(original: Float32Array): Float32Array {
  const roots = cumulativeProduct(oneMinus(original)).map(Math.sqrt);
  const first = roots[0]!;
  const last = roots.at(-1)!;
  const scale = fround(first / fround(first - last));
  const products = roots.map((root) => fround(fround(root - last) * scale) ** 2);
  return products.map((product, t) => 1 - (t === 0 ? product : fround(product / products[t - 1]!)));
}

/** `torch.linspace` in float32: counted from the nearer end, which decides the last bit. */
function linspace(start: number, end: number, count: number): Float32Array {
  const [from, to] = [fround(start), fround(end)];
  const step = fround(fround(to - from) / (count - 1));
  return Float32Array.from({ length: count }, (_, i) => (i < count / 2 ? from + fround(step * i) : to - fround(step * (count - 1 - i))));
}

function oneMinus(values: Float32Array): Float32Array {
  return values.map((value) => 1 - value);
}

function cumulativeProduct(factors: Float32Array): Float32Array {
  let product = 1;
  return factors.map((factor) => (product *= factor));
}
