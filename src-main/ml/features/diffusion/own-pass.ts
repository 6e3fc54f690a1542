/** @file The app's own way to bring pictures before a U-Net, which is DiffSim's: no draw but the noise, and that the same for every picture. */
import { conditioningRows } from "../../metrics/diffsim/conditioning";
import { noiseAlone, noisePair } from "../../metrics/diffsim/noise";
import { openDiffsimPipeline } from "../../metrics/diffsim/pipeline";
import { diffsimRecipe, diffsimSettings } from "../../metrics/diffsim/settings";
import type { CompareOptions, MetricContext } from "../../metrics/metric";
import { requiredModel } from "../../metrics/required-model";
import type { LatentPosterior } from "../../models/stable-diffusion/latents";
import type { UNetPass } from "./unet-pass";

/** A pass that knows what DiffSim would compare. */
export interface OwnPass extends UNetPass {
  /** Module path of the attention that block and layer mean. */
  readonly attention: string;
}

/** Opens the pass; the published mode noises a pair as the published DiffSim does. Throws as `compareDiffsim`. */
export async function openOwnPass(context: MetricContext, options: CompareOptions): Promise<OwnPass> {
  const pipeline = await openDiffsimPipeline(context);
  const settings = diffsimSettings(pipeline.networks, { mode: "corrected", ...options });
  const { scalingFactor } = pipeline.networks.vae.config;
  const model = requiredModel(context, settings.metric, "");

  function noised(posteriors: readonly LatentPosterior[], seed: number) {
    const [a, b] = posteriors;
    const how = { settings, scalingFactor, seed };
    return a !== undefined && b !== undefined ? noisePair([a, b], how) : posteriors.map((posterior) => noiseAlone(posterior, how));
  }

  return {
    pipeline,
    attention: settings.tap,
    timestep: settings.noiseLevel.timestep,
    size: settings.size,
    seeds: settings.seeds,
    flip: settings.flip,
    rows: () => conditioningRows(pipeline, settings),
    pixels: ({ image }) => pipeline.pixelsOf(image, settings.size),
    latents: (posteriors, seed) => noised(posteriors, seed ?? 0).map(({ input }) => input),
    recipe: () => diffsimRecipe(model, settings),
  };
}
