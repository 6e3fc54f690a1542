/** @file What can be chosen about DiffSim on a U-Net: the attention, the noise step and the size of the picture. */
import type { ModelFolder } from "../../models/model-folder";
import { hasAttention, parseUNet2DConditionConfig } from "../../models/stable-diffusion/config";
import type { CompareOptions, SettingAxis } from "../metric";

/** From much noise to hardly any, as the published code counts. */
const steps = [100, 300, 500, 600, 750, 900, 950] as const;
const sizes = [512, 256] as const;

type Block = NonNullable<CompareOptions["block"]>;

/** What can be chosen whatever the U-Net. */
export const noiseAndSizeAxes: readonly SettingAxis[] = [
  { name: "step", alternatives: steps.map((step) => ({ label: String(step), options: { step } })) },
  { name: "size", alternatives: sizes.map((size) => ({ label: String(size), options: { size } })) },
];

/** The axes on a Stable Diffusion 1.x or 2.x model. Throws graph/unsupported-config, checkpoint/incomplete. */
export function diffsimAxes(model: ModelFolder): readonly SettingAxis[] {
  const { downBlockTypes, upBlockTypes } = parseUNet2DConditionConfig(model.partConfig("unet"));
  const layersOf = (block: Block, types: readonly string[]) =>
    types.flatMap((type, layer) => (hasAttention(type) ? [{ label: `${block} ${layer}`, options: { block, layer: [layer] } }] : []));
  return [
    {
      name: "tap",
      alternatives: [
        ...layersOf("down_blocks", downBlockTypes.slice(0, -1)),
        { label: "mid_block", options: { block: "mid_block" } },
        ...layersOf("up_blocks", upBlockTypes.slice(1)),
      ],
    },
    ...noiseAndSizeAxes,
  ];
}
