/** @file Inner values of a Stable Diffusion U-Net for one picture, by the names of four vocabularies, and the list of them. */
import { appError } from "#shared/domain/app-error";
import type { RawImage } from "../../platform/raw-image";
import { withDropInUNet } from "../metrics/cleandift/drop-in-unet";
import type { CompareOptions, MetricContext } from "../metrics/metric";
import type { Float32Tensor } from "../tensor/tensor";
import { pooledMap, stackedMaps } from "./diffusion/map-arithmetic";
import { openOwnPass } from "./diffusion/own-pass";
import { openRecipePass } from "./diffusion/recipe-pass";
import { tapPictures } from "./diffusion/tap-pictures";
import type { UNetPass } from "./diffusion/unet-pass";
import { listPassTaps, resolvePassTaps, type TapList } from "./diffusion/unet-taps";
import { tapRecipes, type TapRecipeName } from "./recipes";
import type { TapOptions } from "./tapped-features";

/** The taps of a picture, pooled and as one map where that is asked for. Throws as `tappedFeatures`. */
export async function unetFeatures(
  context: MetricContext,
  image: RawImage,
  { taps: names, options, recipe, alpha = null, pool = 1, concat = false }: TapOptions,
): Promise<ReadonlyMap<string, Float32Tensor>> {
  const pass = await openPass(context, recipe, options);
  const taps = resolvePassTaps(pass, names);
  const picture = { image, alpha: recipe !== undefined && tapRecipes[recipe].resizesAlpha ? alpha : null };
  const [tapped = new Map<string, Float32Tensor>()] = await tapPictures(pass, [picture], taps);
  const features = new Map([...tapped].map(([name, value]) => [name, pooledMap(value, pool)]));
  if (!concat) return features;
  const inOrder = [...taps].sort((a, b) => a.place - b.place).map(({ name }) => [name, features.get(name) as Float32Tensor] as const);
  return new Map([["concat", stackedMaps(new Map(inOrder), recipe === undefined ? "nearest" : tapRecipes[recipe].enlargement)]]);
}

/**
 * Every tap of a U-Net with its names and the shape it has at the size of `options`.
 *
 * @throws tap/unknown for a model without a list, and as `tappedFeatures`
 */
export async function listTaps(context: MetricContext, { recipe, options }: Pick<TapOptions, "recipe" | "options">): Promise<TapList> {
  const { checkpoint: model } = context;
  if (model?.family !== "stable-diffusion" && model?.family !== "stable-diffusion-xl")
    throw appError("tap/unknown", `${model?.name ?? "The starter"} has no list of taps.`, {
      hint: "Lists are for Stable Diffusion models; `semblance features --help` names the taps of CLIP, DINO, DINOv2 and DiT.",
    });
  return listPassTaps(await openPass(context, recipe, options));
}

/** Weights beside the model take the place of its U-Net. */
async function openPass(context: MetricContext, recipe: TapRecipeName | undefined, options: CompareOptions): Promise<UNetPass> {
  const weights = context.companions?.weights ?? null;
  const { checkpoint: model } = context;
  const chosen = weights === null || model === null ? context : { ...context, checkpoint: await withDropInUNet(model, weights) };
  return recipe === undefined ? openOwnPass(chosen, options) : openRecipePass(chosen, tapRecipes[recipe], options);
}
