/** @file The way of a published feature extractor to bring pictures before a U-Net. */
import { appError } from "#shared/domain/app-error";
import { openDiffsimPipeline, type UNetConditioning } from "../../metrics/diffsim/pipeline";
import { checkedSize } from "../../metrics/diffsim/settings";
import type { CompareOptions, MetricContext } from "../../metrics/metric";
import { requiredModel } from "../../metrics/required-model";
import type { ModelFolder } from "../../models/model-folder";
import { samplePosterior, scaleLatent, type LatentPosterior } from "../../models/stable-diffusion/latents";
import { addNoise, scaleModelInput, type NoiseLevel } from "../../models/stable-diffusion/schedule";
import { TorchGenerator } from "../../random/torch-generator";
import { tensor, type Float32Tensor, type Shape } from "../../tensor/tensor";
import type { TapRecipe } from "../recipes";
import { squashedPixels } from "./pixels";
import type { PassRecipe, UNetPass } from "./unet-pass";

/** Latents are this much smaller than pictures. */
const pixelsPerPlace = 8;

/** Opens the pass. Throws usage/invalid, step/out-of-range, and what opening the model throws. */
export async function openRecipePass(given: MetricContext, recipe: TapRecipe, options: CompareOptions): Promise<UNetPass> {
  refuseForeignOptions(recipe, options);
  const context = recipe.tellsSize ? given : toldNothing(given);
  const pipeline = await openDiffsimPipeline(context);
  const { unet, vae, schedule } = pipeline.networks;
  const level = recipe.noiseLevel(schedule, options.timestep ?? recipe.timestep);
  const size = checkedSize(options.size ?? unet.config.sampleSize * pixelsPerPlace);
  const { prompt = "", flip = false } = options;
  const seeds = options.noiseSeeds ?? [options.seed ?? recipe.seed];
  const noise: Noise = { level, scalingFactor: vae.config.scalingFactor, drawsByPixel: recipe.drawsByPixel };
  const model = requiredModel(context, "diffusion-features", "");
  const parameters = { recipe: recipe.name, timestep: level.timestep, seed: seeds.join() || null, prompt, flip };
  return {
    pipeline,
    timestep: level.timestep,
    size,
    seeds,
    flip,
    rows: async (): Promise<readonly UNetConditioning[]> => {
      const { encoderHiddenStates, textEmbeds } = await pipeline.encodePrompt(prompt);
      if (unet.config.additionEmbed === null || textEmbeds === undefined) return [{ encoderHiddenStates }];
      return [{ encoderHiddenStates, textEmbeds, timeIds: tensor([1, 6], Float32Array.of(size, size, 0, 0, size, size)) }];
    },
    pixels: (picture) => squashedPixels(picture, size, recipe.darkest),
    latents: (posteriors, seed) => posteriors.map((posterior) => noisedLatent(posterior, seed, noise)),
    recipe: async () => passRecipe(model, size, parameters),
  };
}

interface Noise {
  readonly level: NoiseLevel;
  readonly scalingFactor: number;
  readonly drawsByPixel: boolean;
}

/** One generator gives the draw from the posterior and then the noise; without a seed nothing is drawn. */
function noisedLatent(posterior: LatentPosterior, seed: number | null, { level, scalingFactor, drawsByPixel }: Noise): Float32Tensor {
  if (seed === null) return scaleLatent(posterior.mean, scalingFactor);
  const generator = new TorchGenerator(seed);
  const sample = samplePosterior(posterior, (count) => generator.randn(count));
  const { shape, data } = scaleLatent(sample, scalingFactor);
  const noise = drawsByPixel ? drawnByPixel(generator, shape) : generator.randn(data.length);
  return tensor(shape, scaleModelInput(addNoise(data, noise, level), level));
}

/** Noise [1, C, H, W] drawn one number after another, all channels of a pixel together. */
function drawnByPixel(generator: TorchGenerator, [, channels = 1, height = 1, width = 1]: Shape): Float32Array {
  const pixels = height * width;
  const noise = new Float32Array(channels * pixels);
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let channel = 0; channel < channels; channel++) noise.set(generator.randn(1), channel * pixels + pixel);
  }
  return noise;
}

async function passRecipe(model: ModelFolder, size: number, parameters: PassRecipe["parameters"]): Promise<PassRecipe> {
  const [vaeSha256, textEncoderSha256] = await Promise.all([model.part("vae").sha256(), model.part("text_encoder").sha256()]);
  const { family, sha256 } = model;
  return { family, modelSha256: sha256, imageSize: size, parameters: { ...parameters, vaeSha256, textEncoderSha256 } };
}

/** Options of DiffSim that the published extractors do not have. */
function refuseForeignOptions({ name, longestPrompt }: TapRecipe, options: CompareOptions): void {
  const foreign = (["step", "negativePrompt", "block", "layer", "similarity"] as const).find((option) => options[option] !== undefined);
  if (foreign !== undefined || options.precision === "float16")
    throw invalid(
      `The recipe ${name} does not go by ${foreign ?? "precision"}.`,
      "Recipes take a tap, a timestep, a size, a prompt and seeds.",
    );
  if (options.mode === "corrected")
    throw invalid(
      `The recipe ${name} repeats its published code, so there is no corrected mode.`,
      "Leave out --recipe for the app's own way, or leave out --mode.",
    );
  const words = options.prompt?.split(" ").length ?? 0;
  if (words > longestPrompt)
    throw invalid(
      `The recipe ${name} takes a prompt of up to ${longestPrompt} words, not of ${words}.`,
      "Shorten it: the published code reads longer ones in pieces.",
    );
}

function invalid(message: string, hint: string): Error {
  return appError("usage/invalid", message, { hint });
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
