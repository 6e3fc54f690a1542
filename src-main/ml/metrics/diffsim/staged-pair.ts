/** @file All that is known of a pair while it is compared: what staged tensors are made of. */
import type { LatentPosterior } from "../../models/stable-diffusion/latents";
import type { StableDiffusion } from "../../models/stable-diffusion/stable-diffusion";
import type { AttentionFeatures } from "../../scoring/attention-features";
import type { Float32Tensor } from "../../tensor/tensor";
import type { ShownImage } from "../diffsim-c/image-prompter";
import type { NoisedLatent } from "./noise";
import type { TappedLatent, UNetConditioning } from "./pipeline";
import type { DiffsimSettings } from "./settings";

/** All that is known of one picture. */
export interface StagedSide {
  readonly pixels: Float32Tensor;
  readonly posterior: LatentPosterior;
  readonly latents: NoisedLatent;
  readonly tapped: TappedLatent;
  readonly features: AttentionFeatures;
  /** The picture as the IP-Adapter was shown it; null without one. */
  readonly shown: ShownImage | null;
}

export interface StagedPair {
  readonly networks: StableDiffusion;
  readonly settings: DiffsimSettings;
  /** What each latent is shown with. */
  readonly rows: readonly UNetConditioning[];
  /** Staged names of values of the U-Net, and the taps that give them. */
  readonly unetTaps: ReadonlyMap<string, string>;
  readonly a: StagedSide;
  readonly b: StagedSide;
}
