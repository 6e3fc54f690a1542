/** @file DiffSim features of a DiT for a library: each picture by itself, so that they can be stored and compared later. */
import { attentionTaps } from "../../models/stable-diffusion/tap-collector";
import { meanOutput } from "../../scoring/mean-output";
import { unit } from "../../tensor/linear-algebra";
import { stackRows } from "../../tensor/stack-rows";
import type { RawImage } from "../../../platform/raw-image";
import { mirrorings } from "../diffsim/common-settings";
import { noiseAlone } from "../diffsim/noise";
import { createPassScorer } from "../diffsim/pass-scorer";
import { turnedBack } from "../diffsim/passes";
import { attentionFeatures } from "../diffsim/pipeline";
import { extractByPass, type FeaturePass, type TappedImage } from "../feature-pass";
import type { CompareOptions, FeatureExtractor, MetricContext } from "../metric";
import { openDitPipeline, type DitPipeline } from "./pipeline";
import { ditRecipe, ditSettings, type DitSettings } from "./settings";

/** Opens the extractor; weights are read when the first picture comes. Throws as `compareDit`. */
export async function createDitExtractor(context: MetricContext, options: CompareOptions): Promise<FeatureExtractor> {
  const pipeline = await openDitPipeline(context);
  const settings = ditSettings(pipeline.dit.config, { ...options, mode: "corrected" });
  const recipe = await ditRecipe(pipeline.model, settings);
  const pass: FeaturePass = {
    // Everything but the tap decides what the network is shown.
    key: JSON.stringify([pipeline.model.path, { ...recipe, tap: null }]),
    taps: attentionTaps(settings.tap),
    run: async (images, taps) => {
      const tapped: TappedImage[] = [];
      for (const image of images) tapped.push(await tapPicture({ pipeline, settings }, image, taps));
      return tapped;
    },
    features: (tapped) => {
      const attention = attentionFeatures(tapped, settings.tap);
      return { pooled: unit(meanOutput(attention)), attention };
    },
  };
  return { recipe, pass, extract: (images) => extractByPass(pass, images), ...createPassScorer(context, settings) };
}

/** The taps of a picture, [passes, ...]: one row for every seed, and after those the same of its mirror image, turned back. */
async function tapPicture(
  { pipeline, settings }: { readonly pipeline: DitPipeline; readonly settings: DitSettings },
  image: RawImage,
  taps: readonly string[],
): Promise<TappedImage> {
  const { scalingFactor } = pipeline.dit.vae.config;
  const passes: TappedImage[] = [];
  for (const isMirrored of mirrorings(settings)) {
    const posterior = await pipeline.encodeImage(image, settings.size, isMirrored);
    for (const seed of settings.seeds) {
      const tapped = await pipeline.tapDit(noiseAlone(posterior, { settings, scalingFactor, seed }).input, settings, taps);
      passes.push(isMirrored ? turnedBack(tapped) : tapped);
    }
  }
  return new Map(taps.map((tap) => [tap, stackRows(passes.flatMap((tapped) => tapped.get(tap) ?? []))]));
}
