/** @file What can be chosen about DiffSim on XL: the attention, the noise step and the size of the picture. */
import type { ModelFolder } from "../../models/model-folder";
import { parseUNet2DConditionConfig } from "../../models/stable-diffusion/config";
import type { DiffsimBlock } from "../../models/stable-diffusion/taps";
import { noiseAndSizeAxes } from "../diffsim/axes";
import type { SettingAxis } from "../metric";

/**
 * The axes on a Stable Diffusion XL model. Its attentions have up to ten transformer blocks; the last of each is offered.
 *
 * @throws graph/unsupported-config, checkpoint/incomplete
 */
export function diffsimXlAxes(model: ModelFolder): readonly SettingAxis[] {
  const { transformerLayers } = parseUNet2DConditionConfig(model.partConfig("unet"));
  const attentionsOf = (block: DiffsimBlock, blocks: readonly (readonly number[])[]) =>
    blocks.flatMap((depths, index) => depths.map((depth, attention) => alternative(block, [index, attention, depth - 1])));
  return [
    {
      name: "tap",
      alternatives: [
        ...attentionsOf("down_blocks", transformerLayers.down.slice(1)),
        ...transformerLayers.mid.map((depth, attention) => alternative("mid_block", [attention, depth - 1])),
        ...attentionsOf("up_blocks", transformerLayers.up.slice(0, -1)),
      ],
    },
    ...noiseAndSizeAxes,
  ];
}

function alternative(block: DiffsimBlock, layer: readonly number[]): SettingAxis["alternatives"][number] {
  return { label: `${block} ${layer.join(",")}`, options: { block, layer } };
}
