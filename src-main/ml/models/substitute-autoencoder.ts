/** @file A model with another autoencoder in the place of its own, such as the tiny one that people use for its speed. */
import { dirname, join } from "node:path";
import { appError } from "#shared/domain/app-error";
import { openCheckpoint, type Checkpoint } from "../weights/checkpoint";
import { isAutoencoderTiny, isTinyEncoder } from "./autoencoder-tiny/config";
import { readJson } from "./layouts/opened-parts";
import type { ModelFolder } from "./model-folder";
import { modelFamilies } from "./registry";

/**
 * `model` as if the autoencoder at `path` (a folder or a .safetensors file) were its own. It need not have one of its own.
 *
 * @throws usage/invalid for a model that has no use for one, checkpoint/unsupported when there is no autoencoder at `path`, and as `openCheckpoint`
 */
export async function substituteAutoencoder(model: ModelFolder, path: string): Promise<ModelFolder> {
  const family = modelFamilies.find(({ id }) => id === model.family);
  if (family?.pipeline?.networks.includes("vae") !== true)
    throw appError("usage/invalid", `${model.name} looks at pictures without an autoencoder.`, { hint: "Leave --vae out." });
  const checkpoint = await openCheckpoint(path);
  const config = await configOf(checkpoint);
  return {
    ...model,
    weightFiles: [...model.weightFiles, ...checkpoint.files],
    missing: model.missing.filter((file) => !file.startsWith("vae/")),
    part: (name) => (name === "vae" ? checkpoint : model.part(name)),
    partConfig: (name) => (name === "vae" ? config : model.partConfig(name)),
  };
}

/** The config.json beside the weights; the authors' own file of the tiny encoder comes without, and has the usual values. */
async function configOf({ path, files, tensors }: Checkpoint): Promise<unknown> {
  const json = await readJson(join(dirname(files[0]?.path ?? path), "config.json"));
  if (isTinyEncoder(tensors)) return isAutoencoderTiny(json) ? json : { _class_name: "AutoencoderTiny" };
  if (tensors.has("encoder.conv_in.weight") && json !== null) return json;
  throw appError("checkpoint/unsupported", `${path} is no autoencoder that can be used here.`, {
    hint: "Give the folder of an AutoencoderKL or AutoencoderTiny in the diffusers layout, or taesd_encoder.safetensors.",
  });
}
