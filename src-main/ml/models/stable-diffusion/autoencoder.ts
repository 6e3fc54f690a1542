/** @file The autoencoder of a diffusion model, of either kind: pictures to latents. */
import type { Graph } from "../../graph/graph-core";
import type { WeightScope } from "../../weights/weight-scope";
import { buildTinyEncoder } from "../autoencoder-tiny/encoder";
import { isAutoencoderTiny, parseAutoencoderTinyConfig } from "../autoencoder-tiny/config";
import { parseAutoencoderKLConfig } from "./config";
import { buildVaeEncoder, type VaeEncoderGraphOptions } from "./vae-encoder";

export interface Autoencoder {
  readonly config: {
    readonly latentChannels: number;
    /** Latents are multiplied by it before they are shown to the network. */
    readonly scalingFactor: number;
  };
  /**
   * Authors the encoder. Input `pixel_values` [N, 3, H, W] in -1..1; output `mean`, and `logvar` where the latent is drawn from a posterior,
   * each [N, latentChannels, H/8, W/8]. Throws weights/missing-tensor, weights/shape-mismatch.
   */
  build(options: VaeEncoderGraphOptions): Graph;
}

/**
 * The autoencoder with the weights `weights` that `json`, its config.json, describes.
 *
 * @throws graph/unsupported-config naming the field
 */
export function openAutoencoder(weights: WeightScope, json: unknown): Autoencoder {
  if (isAutoencoderTiny(json)) {
    const config = parseAutoencoderTinyConfig(json);
    return { config, build: (options) => buildTinyEncoder(weights, config, options) };
  }
  const config = parseAutoencoderKLConfig(json);
  return { config, build: (options) => buildVaeEncoder(weights, config, options) };
}
