/** @file What one DiffSim has of its own, and which one a model's family stands for. */
import type { MetricName } from "#shared/domain/feature-recipe";
import type { UNet2DConditionConfig } from "../../models/stable-diffusion/config";
import type { StableDiffusion } from "../../models/stable-diffusion/stable-diffusion";
import type { DiffsimBlock } from "../../models/stable-diffusion/taps";
import type { Tensor } from "../../tensor/tensor";
import { diffsimXlVariant } from "../diffsim-xl/variant";
import type { MetricContext } from "../metric";
import { diffsimSVariant } from "./diffsim-s-variant";
import type { StagedPair } from "./staged-pair";

export interface DiffsimVariant {
  readonly metric: MetricName;
  /** Which attention of a transformer block is compared: to the picture's own tokens, or to those an IP-Adapter makes of the picture. */
  readonly attention: "attn1" | "attn2";
  /** Where the published mode has to depart from the released script. */
  readonly deviations?: string;
  /** Timestep when none is given in the corrected mode: what step 900 means on the usual checkpoint. */
  readonly timestep: number;
  /** Module path of the self-attention that a block and a layer mean; without a layer the usual one. Throws tap/unknown, usage/invalid. */
  attentionPath(config: UNet2DConditionConfig, block: DiffsimBlock, layer: readonly number[] | undefined): string;
  /** Staged names of values of the U-Net, and the taps that give them. They reach to its end, so the whole network is run. */
  stagedTaps(tap: string, config: UNet2DConditionConfig): ReadonlyMap<string, string>;
  /** Every intermediate result of a pair under the names of the golden cases. */
  stagedTensors(context: MetricContext, pair: StagedPair): Promise<ReadonlyMap<string, Tensor>>;
}

const variants: Readonly<Record<StableDiffusion["family"], DiffsimVariant>> = {
  "stable-diffusion": diffsimSVariant,
  "stable-diffusion-xl": diffsimXlVariant,
};

/** The DiffSim of a model. */
export function variantOf({ family }: StableDiffusion): DiffsimVariant {
  return variants[family];
}
