/** @file One way to bring pictures before a U-Net: that of a published feature extractor, or the app's own. */
import type { FeatureRecipe } from "#shared/domain/feature-recipe";
import type { DiffsimPipeline, UNetConditioning } from "../../metrics/diffsim/pipeline";
import type { LatentPosterior } from "../../models/stable-diffusion/latents";
import type { Float32Tensor } from "../../tensor/tensor";
import type { Picture } from "./pixels";

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

/** What a pass adds to the recipe of a metric. */
export type PassRecipe = Pick<FeatureRecipe, "family" | "modelSha256" | "imageSize" | "parameters">;
