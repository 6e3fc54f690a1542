/** @file DiffSim on Stable Diffusion 1.x and 2.x: one number is a layer, and the names of the stages. */
import { appError } from "#shared/domain/app-error";
import { diffsimTap } from "../../models/stable-diffusion/taps";
import { stagedTensors, stagedUNetTaps } from "./staged-tensors";
import type { DiffsimVariant } from "./variant";

/** Layer when none is given, as in the style preset of the published scripts. */
const usualLayer = 0;

export const diffsimSVariant: DiffsimVariant = {
  metric: "diffsim-s",
  attention: "attn1",
  timestep: 101,
  attentionPath: (config, block, layer = [usualLayer]) => {
    const [only] = layer;
    if (layer.length !== 1 || only === undefined)
      throw appError("usage/invalid", `A layer of Stable Diffusion 1.x and 2.x is one number, not ${layer.length}.`, {
        hint: "For example --block up_blocks --layer 0.",
      });
    return diffsimTap(config, block, only);
  },
  stagedTaps: (tap, { blockOutChannels }) => stagedUNetTaps(tap, blockOutChannels.length),
  stagedTensors,
};
