/**
 * @file DiffSim features for a library: each picture by itself, so that they can be stored and compared later.
 * Unlike the published pairs, every picture gets the same noise and the mean of its posterior; scores are symmetric and a picture against itself scores 1.
 */
import type { RawImage } from "../../../platform/raw-image";
import { attentionTaps } from "../../models/stable-diffusion/tap-collector";
import { createAlignedAttention, type AlignedAttention } from "../../scoring/aligned-attention";
import { meanOutput } from "../../scoring/mean-output";
import { extractByPass, type FeaturePass, type TappedImage } from "../feature-pass";
import type { CompareOptions, FeatureExtractor, MetricContext } from "../metric";
import { requiredModel } from "../required-model";
import { pairScore } from "../vision/pair-score";
import { requiredAttention } from "../vision/required-attention";
import { unit } from "../../tensor/linear-algebra";
import { conditioningRows } from "./compare";
import { noiseAlone } from "./noise";
import { attentionFeatures, openDiffsimPipeline } from "./pipeline";
import { directedScore } from "./scores";
import { diffsimRecipe, diffsimSettings } from "./settings";

/** Pictures run through the U-Net at once. A processor gains nothing from more than one. */
const picturesPerRun = (device: string): number => (device === "cpu" ? 1 : 4);

/** Opens the extractor; weights are read when the first picture comes. Throws as `compareDiffsim`. */
export async function createDiffsimExtractor(context: MetricContext, options: CompareOptions): Promise<FeatureExtractor> {
  const model = requiredModel(context, "diffsim-s", "a Stable Diffusion 1.x or 2.x model in the diffusers layout");
  const pipeline = await openDiffsimPipeline(context);
  const settings = diffsimSettings(pipeline.networks, { ...options, mode: "corrected" });
  const seed = settings.seeds[0] ?? 0;
  let aligned: Promise<AlignedAttention> | null = null;

  async function runTogether(images: readonly RawImage[], taps: readonly string[]): Promise<readonly TappedImage[]> {
    const rows = await conditioningRows(pipeline, settings);
    await pipeline.releaseTextEncoder();
    const latents = [];
    for (const image of images) {
      const posterior = await pipeline.encodePixels(pipeline.pixelsOf(image, settings.size));
      latents.push(noiseAlone(posterior, { settings, scalingFactor: pipeline.networks.vae.config.scalingFactor, seed }).input);
    }
    return pipeline.tapUNet({ latents, timestep: settings.noiseLevel.timestep, rows, taps });
  }

  const recipe = await diffsimRecipe(model, settings);
  const pass: FeaturePass = {
    // Everything but the tap decides what the network is shown.
    key: JSON.stringify([model.path, { ...recipe, tap: null }]),
    taps: attentionTaps(settings.tap),
    run: async (images, taps) => {
      const size = picturesPerRun(context.runtime.device);
      const tapped: TappedImage[] = [];
      for (let start = 0; start < images.length; start += size)
        tapped.push(...(await runTogether(images.slice(start, start + size), taps)));
      return tapped;
    },
    features: (tapped) => {
      const attention = attentionFeatures(tapped, settings.tap);
      return { pooled: unit(meanOutput(attention)), attention };
    },
  };

  return {
    recipe,
    pass,
    extract: (images) => extractByPass(pass, images),
    score: async (query, targets) => {
      const features = requiredAttention(query);
      aligned ??= createAlignedAttention({
        heads: features.heads,
        headDim: features.headDim,
        ...context.runtime,
        sessions: context.sessions,
      });
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
