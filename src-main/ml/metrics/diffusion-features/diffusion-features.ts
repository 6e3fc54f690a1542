/**
 * @file The metric diffusion-features: what DiffSim compares, without aligning it. The cosine of a feature map of a Stable Diffusion U-Net as it lies upon
 * that of the other picture.
 * Source: metrics/diffeats.py of the published DiffSim code, whose tap is what a self-attention gives after its output projection, for both guidance rows.
 */
import { openOwnPass } from "../../features/diffusion/own-pass";
import { blockAxes } from "./axes";
import { tappedMetric } from "./tapped-metric";
import { unetOptions } from "../diffsim/heeded-options";

export const diffusionFeatures = tappedMetric({
  facts: {
    name: "diffusion-features",
    title: "Diffusion features",
    hint: "Cosine of Stable Diffusion's features, place by place.",
    modelWords: "SD or SDXL",
    question: "style",
    heeds: unetOptions,
    families: ["stable-diffusion", "stable-diffusion-xl"],
    vote: null,
    settings: blockAxes,
  },
  open: async (context, { tap, ...options }) => {
    const pass = await openOwnPass(context, options);
    // The published code spreads each picture's numbers over 0 to 1, which brings all cosines near 1.
    return { pass, tap: tap ?? pass.attention, aligns: false, ...(options.mode === "published" ? { prepare: minMaxNormalized } : {}) };
  },
});

function minMaxNormalized(features: Float32Array): Float32Array {
  const least = features.reduce((least, x) => Math.min(least, x), Infinity);
  const most = features.reduce((most, x) => Math.max(most, x), -Infinity);
  return features.map((x) => (x - least) / (most - least));
}
