/** @file One way to bring pictures before a U-Net: that of a published feature extractor, or the app's own, which is DiffSim's. */
import { appError } from "#shared/domain/app-error";
import type { FeatureRecipe } from "#shared/domain/feature-recipe";
import { conditioningRows } from "../../metrics/diffsim/conditioning";
import { noiseAlone, noisePair } from "../../metrics/diffsim/noise";
import { openDiffsimPipeline, type DiffsimPipeline, type UNetConditioning } from "../../metrics/diffsim/pipeline";
import { checkedSize, diffsimRecipe, diffsimSettings } from "../../metrics/diffsim/settings";
import type { CompareOptions, MetricContext } from "../../metrics/metric";
import { requiredModel } from "../../metrics/required-model";
import type { ModelFolder } from "../../models/model-folder";
import { samplePosterior, scaleLatent, type LatentPosterior } from "../../models/stable-diffusion/latents";
import { addNoise, scaleModelInput } from "../../models/stable-diffusion/schedule";
import { TorchGenerator } from "../../random/torch-generator";
import { tensor, type Float32Tensor, type Shape } from "../../tensor/tensor";
import type { TapRecipe } from "../recipes";
import { squashedPixels, type Picture } from "./pixels";

/** What a pass adds to the recipe of a metric. */
type PassRecipe = Pick<FeatureRecipe, "family" | "modelSha256" | "imageSize" | "parameters">;

export interface UNetPass {
  readonly pipeline: DiffsimPipeline;
  readonly timestep: number;
  /** Side of the picture, in pixels. */
  readonly size: number;
  /** Each gives a latent of its own; null draws nothing. */
  readonly seeds: readonly (number | null)[];
  /** Whether features are averaged over the mirror image too. */
  readonly flip: boolean;
  /** What the network is told beside each latent. */
  rows(): Promise<readonly UNetConditioning[]>;
  /** What the autoencoder is shown, [1, 3, size, size]. */
  pixels(picture: Picture): Float32Tensor;
  /**
   * What the network is shown of each picture under one of the seeds, [1, C, size / 8, size / 8]. Pictures do not depend on one another, but for the two of a
   * pair in DiffSim's published mode.
   */
  latents(posteriors: readonly LatentPosterior[], seed: number | null): readonly Float32Tensor[];
  /** All that decides the numbers beside the tap and the mode. */
  recipe(): Promise<PassRecipe>;
}

/** The app's own pass, which knows what DiffSim would compare. */
export interface OwnPass extends UNetPass {
  /** Module path of the attention that block and layer mean. */
  readonly attention: string;
}

/** The app's own way: no draw but the noise, which is the same for every picture. Throws as `compareDiffsim`. */
export async function openOwnPass(context: MetricContext, options: CompareOptions): Promise<OwnPass> {
  const pipeline = await openDiffsimPipeline(context);
  const settings = diffsimSettings(pipeline.networks, { mode: "corrected", ...options });
  const { scalingFactor } = pipeline.networks.vae.config;
  const model = requiredModel(context, settings.metric, "");
  return {
    pipeline,
    attention: settings.tap,
    timestep: settings.noiseLevel.timestep,
    size: settings.size,
    seeds: settings.seeds,
    flip: settings.flip,
    rows: () => conditioningRows(pipeline, settings),
    pixels: ({ image }) => pipeline.pixelsOf(image, settings.size),
    latents: (posteriors, seed) => {
      const options = { settings, scalingFactor, seed: seed ?? 0 };
      const [a, b] = posteriors;
      const noised = a !== undefined && b !== undefined ? noisePair([a, b], options) : posteriors.map((each) => noiseAlone(each, options));
      return noised.map(({ input }) => input);
    },
    recipe: () => diffsimRecipe(model, settings),
  };
}

/** The way of a published extractor. Throws usage/invalid, step/out-of-range, and what opening the model throws. */
export async function openRecipePass(context: MetricContext, recipe: TapRecipe, options: CompareOptions): Promise<UNetPass> {
  refuseForeignOptions(recipe, options);
  const pipeline = await openDiffsimPipeline(recipe.tellsSize ? context : toldNothing(context));
  const { unet, vae, schedule } = pipeline.networks;
  const level = recipe.noiseLevel(schedule, options.timestep ?? recipe.timestep);
  const size = checkedSize(options.size ?? unet.config.sampleSize * 8);
  const prompt = options.prompt ?? "";
  const seeds = options.noiseSeeds ?? [options.seed ?? recipe.seed];
  const model = requiredModel(context, "diffusion-features", "");
  return {
    pipeline,
    timestep: level.timestep,
    size,
    seeds,
    flip: options.flip ?? false,
    rows: async () => {
      const { encoderHiddenStates, textEmbeds } = await pipeline.encodePrompt(prompt);
      if (unet.config.additionEmbed === null || textEmbeds === undefined) return [{ encoderHiddenStates }];
      return [{ encoderHiddenStates, textEmbeds, timeIds: tensor([1, 6], Float32Array.of(size, size, 0, 0, size, size)) }];
    },
    pixels: (picture) => squashedPixels(picture, size, recipe.darkest),
    latents: (posteriors, seed) => posteriors.map((posterior) => latentOf(posterior, seed)),
    recipe: async () => ({
      family: model.family,
      modelSha256: model.sha256,
      imageSize: size,
      parameters: {
        recipe: recipe.name,
        timestep: level.timestep,
        seed: seeds.join(",") || null,
        prompt,
        flip: options.flip ?? false,
        vaeSha256: await model.part("vae").sha256(),
        textEncoderSha256: await model.part("text_encoder").sha256(),
      },
    }),
  };

  function latentOf(posterior: LatentPosterior, seed: number | null): Float32Tensor {
    const generator = seed === null ? null : new TorchGenerator(seed);
    const sample = generator === null ? posterior.mean : samplePosterior(posterior, (count) => generator.randn(count));
    const clean = scaleLatent(sample, vae.config.scalingFactor);
    const noise = generator === null ? new Float32Array(clean.data.length) : drawNoise(generator, clean.shape, recipe);
    return tensor(clean.shape, scaleModelInput(addNoise(clean.data, noise, level), level));
  }
}

function drawNoise(generator: TorchGenerator, [, channels = 1, height = 1, width = 1]: Shape, { drawsByPixel }: TapRecipe): Float32Array {
  const pixels = height * width;
  if (!drawsByPixel) return generator.randn(channels * pixels);
  const noise = new Float32Array(channels * pixels);
  for (let pixel = 0; pixel < pixels; pixel++)
    for (let channel = 0; channel < channels; channel++) noise.set(generator.randn(1), channel * pixels + pixel);
  return noise;
}

/** Options of DiffSim that the published extractors do not have. */
function refuseForeignOptions({ name }: TapRecipe, options: CompareOptions): void {
  const foreign = (["step", "negativePrompt", "block", "layer", "similarity"] as const).find((option) => options[option] !== undefined);
  if (foreign !== undefined || options.precision === "float16")
    throw appError("usage/invalid", `The recipe ${name} does not go by ${foreign ?? "precision"}.`, {
      hint: "Recipes take a tap, a timestep, a size, a prompt and seeds.",
    });
  if (options.mode === "corrected")
    throw appError("usage/invalid", `The recipe ${name} repeats its published code, so there is no corrected mode.`, {
      hint: "Leave out --recipe for the app's own way, or leave out --mode.",
    });
}

/** Models that are told the prompt alone, by the models they were made of. */
const withoutAddition = new WeakMap<ModelFolder, ModelFolder>();

/** The same context with an SDXL U-Net that is told neither the pooled prompt nor the size of the picture. */
function toldNothing(context: MetricContext): MetricContext {
  const { checkpoint: model } = context;
  if (model === null) return context;
  const known = withoutAddition.get(model);
  const checkpoint = known ?? { ...model, partConfig: (name?: string) => withoutAdditionEmbedding(model, name) };
  withoutAddition.set(model, checkpoint);
  return { ...context, checkpoint };
}

function withoutAdditionEmbedding(model: ModelFolder, name: string | undefined): unknown {
  const config = model.partConfig(name);
  return name === "unet" ? { ...(config as object), addition_embed_type: null } : config;
}
