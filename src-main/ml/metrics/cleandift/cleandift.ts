/**
 * @file The metric cleandift: features of a U-Net that was taught to see clean pictures, so nothing is drawn and one pass is enough. The cosine of a feature
 * map, or the Aligned Attention Score of a self-attention.
 * Source: Stracke et al., "CleanDIFT: Diffusion Features without Noise", CVPR 2025; CompVis/cleandift.
 */
import { basename } from "node:path";
import { appError } from "#shared/domain/app-error";
import { openRecipePass } from "../../features/diffusion/recipe-pass";
import { tapRecipes } from "../../features/recipes";
import type { ModelFolder } from "../../models/model-folder";
import type { MetricContext } from "../metric";
import { keyAxes } from "../diffusion-features/axes";
import { tappedMetric } from "../diffusion-features/tapped-metric";
import { requiredModel } from "../required-model";
import { withDropInUNet } from "./drop-in-unet";
import { unetOptions } from "../diffsim/heeded-options";

/** What the authors match pictures by: the upsampled second up block. */
const usualTap = "us6";

/** The published code samples the posterior without a seed. */
const publishedSeed = 42;

export const cleandift = tappedMetric({
  facts: {
    name: "cleandift",
    title: "CleanDIFT",
    hint: "Features of Stable Diffusion taught to see clean pictures.",
    modelWords: "CleanDIFT's U-Net",
    question: "semantic",
    heeds: unetOptions,
    families: ["stable-diffusion"],
    vote: null,
    isEnabledBy: isDropIn,
    settings: keyAxes,
  },
  open: async (context, { tap = usualTap, mode, similarity: _similarity, keepTensors: _keepTensors, ...options }) => {
    const checkpoint = await cleanModel(context);
    const { seed = publishedSeed, noiseSeeds, ...others } = options;
    const draws = mode === "published" ? { seed, ...(noiseSeeds === undefined ? {} : { noiseSeeds }) } : {};
    return { pass: await openRecipePass({ ...context, checkpoint }, tapRecipes.cleandift, { ...others, ...draws }), tap, aligns: true };
  },
});

/** The model with CleanDIFT's U-Net: from the companion weights, or its own. */
async function cleanModel(context: MetricContext): Promise<ModelFolder> {
  const model = requiredModel(context, "cleandift", "a Stable Diffusion 1.5 or 2.1 model");
  const weights = context.companions?.weights ?? null;
  if (weights !== null) return withDropInUNet(model, weights);
  if (isDropIn(model)) return model;
  throw appError("metric/needs-model", `cleandift needs the U-Net of CleanDIFT, and nothing says that ${model.name} has it.`, {
    hint: "Give cleandift_sd15_unet.safetensors or cleandift_sd21_unet.safetensors with --weights, or a model folder with that U-Net and cleandift in its name.",
  });
}

/** The file has the very tensors of the U-Net it stands in for, so only names can tell. */
function isDropIn(model: ModelFolder): boolean {
  const files = model.missing.length > 0 ? [] : model.part("unet").files;
  return [model.name, ...files.map(({ path }) => basename(path))].some((name) => /cleandift/i.test(name));
}
