/** @file A DiT with its autoencoder, from Meta's file beside a `vae` folder or from a diffusers folder; weights stay in their files. */
import { appError } from "#shared/domain/app-error";
import type { WeightScope } from "../../weights/weight-scope";
import type { ModelFolder } from "../model-folder";
import { openAutoencoder, type Autoencoder } from "../stable-diffusion/autoencoder";
import { readDitConfig, type DitConfig } from "./config";

/** Optional, beside Meta's file: the arguments of the model's constructor. */
const configFile = "dit_config.json";

export interface OpenedDit {
  readonly config: DitConfig;
  readonly weights: WeightScope;
  readonly vae: Autoencoder;
}

/**
 * Reads the configurations of a DiT.
 *
 * @throws checkpoint/incomplete, graph/unsupported-config, weights/missing-tensor
 */
export async function openDit(model: ModelFolder): Promise<OpenedDit> {
  const weights = model.part("transformer").scope();
  const config = readDitConfig(weights, model.layout === "diffusers" ? model.partConfig("transformer") : await model.readJson(configFile));
  const vae = openAutoencoder(model.part("vae").scope(), model.partConfig("vae"));
  if (vae.config.latentChannels === config.inChannels) return { config, weights, vae };
  throw appError(
    "graph/unsupported-config",
    `The DiT takes latents of ${config.inChannels} channels, but its autoencoder makes ${vae.config.latentChannels}.`,
    { hint: "Use the autoencoder it was trained with, stabilityai/sd-vae-ft-mse for the published models." },
  );
}
