/** @file DiffSim features of a DiT for a library: each picture by itself, so that they can be stored and compared later. */
import { attentionTaps } from "../../models/stable-diffusion/tap-collector";
import { diffusionImages } from "../../preprocess/diffusion-image";
import { createAlignedAttention, type AlignedAttention } from "../../scoring/aligned-attention";
import { meanOutput } from "../../scoring/mean-output";
import { unit } from "../../tensor/linear-algebra";
import { noiseAlone } from "../diffsim/noise";
import { attentionFeatures } from "../diffsim/pipeline";
import { directedScore } from "../diffsim/scores";
import { extractByPass, type FeaturePass } from "../feature-pass";
import type { CompareOptions, FeatureExtractor, MetricContext } from "../metric";
import { pairScore } from "../vision/pair-score";
import { requiredAttention } from "../vision/required-attention";
import { openDitPipeline, type DitPipeline } from "./pipeline";
import { ditRecipe, ditSettings, type DitSettings } from "./settings";

/** Opens the extractor; weights are read when the first picture comes. Throws as `compareDit`. */
export async function createDitExtractor(context: MetricContext, options: CompareOptions): Promise<FeatureExtractor> {
  const pipeline = await openDitPipeline(context);
  const settings = ditSettings(pipeline.dit.config, { ...options, mode: "corrected" });
  const recipe = await ditRecipe(pipeline.model, settings);
  const pass = ditPass(pipeline, settings, JSON.stringify({ ...recipe, tap: null }));
  let aligned: Promise<AlignedAttention> | null = null;
  return {
    recipe,
    pass,
    extract: (images) => extractByPass(pass, images),
    score: async (query, targets) => {
      const features = requiredAttention(query);
      const { heads, headDim } = features;
      aligned ??= createAlignedAttention({ heads, headDim, ...context.runtime, sessions: context.sessions });
      const others = targets.map(requiredAttention);
      const scores = await (await aligned).score(features, others);
      return scores.map((score, i) =>
        pairScore(score, { a: features.grid, b: (others[i] ?? features).grid }, directedScore(score, settings.similarity).score),
      );
    },
    dispose: async () => {
      await (await aligned)?.dispose();
    },
  };
}

/** The pass of one picture after the other; extractors that differ only in the block share it by `key`. */
function ditPass(pipeline: DitPipeline, settings: DitSettings, key: string): FeaturePass {
  const { scalingFactor } = pipeline.dit.vae.config;
  return {
    key,
    taps: attentionTaps(settings.tap),
    run: async (images, taps) => {
      const tapped = [];
      for (const image of images) {
        const posterior = await pipeline.encodePixels(diffusionImages([image], settings.size));
        const { input } = noiseAlone(posterior, { settings, scalingFactor, seed: settings.seeds[0] ?? 0 });
        tapped.push(await pipeline.tapDit(input, settings, taps));
      }
      return tapped;
    },
    features: (tapped) => {
      const attention = attentionFeatures(tapped, settings.tap);
      return { pooled: unit(meanOutput(attention)), attention };
    },
  };
}
