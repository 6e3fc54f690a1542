/**
 * @file DiffSim features for a library: each picture by itself, so that they can be stored and compared later.
 * Unlike the published pairs, every picture gets the same noise and the mean of its posterior; scores are symmetric and a picture against itself scores 1.
 */
import type { RawImage } from "../../../platform/raw-image";
import { meanOutput } from "../../scoring/mean-output";
import { unit } from "../../tensor/linear-algebra";
import { reverseColumns } from "../../tensor/reverse-columns";
import { stackRows } from "../../tensor/stack-rows";
import { extractByPass, type FeaturePass, type TappedImage } from "../feature-pass";
import type { FeatureExtractor, MetricDefinition } from "../metric";
import { requiredModel } from "../required-model";
import { openPrompterOf, variantParameters, type ImagePrompter, type ShownImage } from "../diffsim-c/image-prompter";
import { mirrorings } from "./common-settings";
import { conditioningRows, withImage } from "./conditioning";
import { noiseAlone } from "./noise";
import { createPassScorer } from "./pass-scorer";
import { turnedBack } from "./passes";
import { attentionFeatures, featureTaps, openDiffsimPipeline, type DiffsimPipeline, type TappedLatent, type TapRequest } from "./pipeline";
import { diffsimRecipe, diffsimSettings, type DiffsimSettings } from "./settings";
import type { DiffsimVariant } from "./variant";

/** Pictures run through the U-Net at once. A processor gains nothing from more than one. */
const picturesPerRun = (device: string): number => (device === "cpu" ? 1 : 4);

/** `createExtractor` of a DiffSim; weights are read when the first picture comes. Throws as `compareDiffsim`. */
export function createDiffsimExtractor(variant: DiffsimVariant): NonNullable<MetricDefinition["createExtractor"]> {
  return async (context, options): Promise<FeatureExtractor> => {
    const pipeline = await openDiffsimPipeline(context, variant.metric);
    const settings = diffsimSettings(pipeline.networks, { ...options, mode: "corrected" }, variant);
    const prompter = openPrompterOf(variant, pipeline, context);
    const model = requiredModel(context, variant.metric, "");
    const recipe = await diffsimRecipe(model, settings, await variantParameters({ variant, prompter, settings }));

    const pass: FeaturePass = {
      // Everything but the tap decides what the network is shown.
      key: JSON.stringify([model.path, { ...recipe, tap: null }]),
      taps: featureTaps(settings.tap),
      run: async (images, taps) => {
        const size = picturesPerRun(context.runtime.device);
        const tapped: TappedImage[] = [];
        for (let start = 0; start < images.length; start += size)
          tapped.push(...(await tapPictures({ pipeline, prompter, settings }, images.slice(start, start + size), taps)));
        return tapped;
      },
      features: (tapped) => {
        const attention = attentionFeatures(tapped, settings.tap);
        return { pooled: unit(meanOutput(attention)), attention };
      },
    };

    return { recipe, pass, extract: (images) => extractByPass(pass, images), ...createPassScorer(context, settings) };
  };
}

interface Opened {
  readonly pipeline: DiffsimPipeline;
  readonly prompter: ImagePrompter | null;
  readonly settings: DiffsimSettings;
}

/** The taps of pictures, [passes, ...]: one row for every seed, and after those the same of the mirror images, turned back. */
async function tapPictures(
  { pipeline, prompter, settings }: Opened,
  images: readonly RawImage[],
  taps: readonly string[],
): Promise<readonly TappedImage[]> {
  const rows = await conditioningRows(pipeline, settings);
  await pipeline.releaseTextEncoder();
  const { scalingFactor } = pipeline.networks.vae.config;
  const passes: (readonly TappedLatent[])[] = [];
  for (const isMirrored of mirrorings(settings)) {
    const posteriors = [];
    const shown = [];
    for (const image of images) {
      const pixels = pipeline.pixelsOf(image, settings.size);
      posteriors.push(await pipeline.encodePixels(isMirrored ? reverseColumns(pixels, settings.size, 1) : pixels));
      if (prompter !== null) shown.push(await prompter.show(image, isMirrored, settings.hasNegativeRow));
    }
    for (const seed of settings.seeds) {
      const latents = posteriors.map((posterior) => noiseAlone(posterior, { settings, scalingFactor, seed }).input);
      const tapped = await tapLatents(pipeline, { latents, timestep: settings.noiseLevel.timestep, rows, taps }, shown);
      passes.push(isMirrored ? tapped.map(turnedBack) : tapped);
    }
  }
  return images.map((_, i) => new Map(taps.map((tap) => [tap, stackRows(passes.flatMap((tapped) => tapped[i]?.get(tap) ?? []))])));
}

/** Latents are run together where all are told the same; with an image beside the prompt, each is told of its own. */
async function tapLatents(pipeline: DiffsimPipeline, request: TapRequest, shown: readonly ShownImage[]): Promise<readonly TappedLatent[]> {
  if (shown.length === 0) return pipeline.tapUNet(request);
  const tapped: TappedLatent[] = [];
  for (const [i, image] of shown.entries())
    tapped.push(
      ...(await pipeline.tapUNet({ ...request, latents: request.latents.slice(i, i + 1), rows: withImage(request.rows, image) })),
    );
  return tapped;
}
