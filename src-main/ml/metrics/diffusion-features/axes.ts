/** @file What can be chosen about the metrics of tapped diffusion features: the tap, the noise and the size of the picture. */
import { cleanDiftKeys } from "../../features/tap-names/module-path";
import type { ModelFolder } from "../../models/model-folder";
import { parseUNet2DConditionConfig } from "../../models/stable-diffusion/config";
import type { SettingAxis } from "../metric";

/** From hardly any noise to half of it. */
const timesteps = [50, 101, 200, 350, 500] as const;

const sizes: SettingAxis = {
  name: "size",
  alternatives: [512, 256].map((size) => ({ label: String(size), options: { size } })),
};

/** The axes of diffusion-features: every block as a whole. Throws graph/unsupported-config, checkpoint/incomplete. */
export function blockAxes(model: ModelFolder): readonly SettingAxis[] {
  const blocks = Array.from({ length: upBlocksOf(model) }, (_, i) => i);
  const taps = [...blocks.map((i) => `down_blocks[${i}]`), "mid_block", ...blocks.map((i) => `up_blocks[${i}]`)];
  return [
    tapAxis(taps),
    { name: "step", alternatives: timesteps.map((timestep) => ({ label: `t ${timestep}`, options: { timestep } })) },
    sizes,
  ];
}

/** The axes of cleandift: its keys. Throws as {@link blockAxes}. */
export function keyAxes(model: ModelFolder): readonly SettingAxis[] {
  return [tapAxis(cleanDiftKeys(upBlocksOf(model))), sizes];
}

function tapAxis(taps: readonly string[]): SettingAxis {
  return { name: "tap", alternatives: taps.map((tap) => ({ label: tap, options: { tap } })) };
}

function upBlocksOf(model: ModelFolder): number {
  return parseUNet2DConditionConfig(model.partConfig("unet")).blockOutChannels.length;
}
