/**
 * @file Recommended sets of taps under one name.
 * Source: Meng et al., "Not All Diffusion Model Activations Have Been Evaluated as Discriminative Features", NeurIPS 2024 (practical);
 * the studies behind sdhelper and DIFT (correspondence).
 */

/** What decides which set is meant: SDXL's U-Net has other levels than that of Stable Diffusion 1.x and 2.x. */
export type UNetKind = "stable-diffusion" | "stable-diffusion-xl";

export const tapPresets: ReadonlyMap<string, Readonly<Record<UNetKind, readonly string[]>>> = new Map([
  [
    "practical",
    {
      "stable-diffusion": [
        "up-level1-repeat1-vit-block0-cross-q",
        "up-level1-repeat2-res-out",
        "up-level2-repeat1-vit-block0-cross-q",
        "up-level3-repeat0-vit-block0-self-k",
      ],
      "stable-diffusion-xl": [
        "up-level0-repeat0-vit-block7-out",
        "up-level0-repeat0-vit-block5-out",
        "up-level1-repeat0-vit-block0-cross-q",
        "up-level1-repeat0-vit-block0-out",
      ],
    },
  ],
  ["correspondence", { "stable-diffusion": ["up_blocks[1]"], "stable-diffusion-xl": ["up_blocks[0]"] }],
]);
