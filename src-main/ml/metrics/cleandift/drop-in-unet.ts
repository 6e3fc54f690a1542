/**
 * @file A Stable Diffusion model with the weights of another U-Net of the same build in place of its own, as CleanDIFT is published.
 * Source: CompVis/cleandift, `cleandift_sd15_unet.safetensors` and `cleandift_sd21_unet.safetensors`.
 */
import { appError } from "#shared/domain/app-error";
import type { ModelFolder } from "../../models/model-folder";
import type { Checkpoint } from "../../weights/checkpoint";

interface DropIn {
  readonly weights: Checkpoint;
  readonly model: ModelFolder;
}

/** What each model was last given, so that one pair is one object: networks are kept per model. */
const made = new WeakMap<ModelFolder, DropIn>();

/**
 * `model` with `weights` as its U-Net; everything else, the configuration too, stays the model's. That tensors have the shapes of that configuration is seen
 * when they are used.
 *
 * @throws checkpoint/unsupported when the file holds no U-Net with diffusers' names
 */
export async function withDropInUNet(model: ModelFolder, weights: Checkpoint): Promise<ModelFolder> {
  const known = made.get(model);
  if (known?.weights === weights) return known.model;
  if (!weights.tensors.has("conv_in.weight") || !weights.tensors.has("time_embedding.linear_1.weight")) {
    throw appError("checkpoint/unsupported", `${weights.path} is no U-Net that could take the place of another.`, {
      hint: "Give a U-Net in the diffusers layout, such as cleandift_sd15_unet.safetensors (not the file that ends in _full).",
    });
  }
  const sha256 = await weights.sha256();
  const part = (name?: string) => (name === "unet" ? weights : model.part(name));
  const dropIn: DropIn = { weights, model: { ...model, sha256, part } };
  made.set(model, dropIn);
  return dropIn.model;
}
