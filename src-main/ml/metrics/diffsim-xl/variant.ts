/** @file DiffSim on Stable Diffusion XL: a layer is a block, an attention and a transformer block, and the names of the stages. */
import { diffsimXlTap } from "./tap";
import { stagedXlTaps, stagedXlTensors } from "./staged-tensors";
import type { DiffsimVariant } from "../diffsim/variant";

export const diffsimXlVariant: DiffsimVariant = {
  metric: "diffsim-xl",
  attention: "attn1",
  timestep: 100,
  attentionPath: diffsimXlTap,
  stagedTaps: (_, { blockOutChannels }) => stagedXlTaps(blockOutChannels.length),
  stagedTensors: async (_, pair) => stagedXlTensors(pair),
};
