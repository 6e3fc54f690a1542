/**
 * @file DiffSim on Stable Diffusion XL by what an IP-Adapter shows of each picture, and the names of the stages.
 * Source: diffsim/diffsim_xl.py of the published code with `ip_adapter=True`.
 */
import { stackRows } from "../../tensor/stack-rows";
import { tensor, type Tensor } from "../../tensor/tensor";
import { diffsimXlVariant } from "../diffsim-xl/variant";
import type { StagedSide } from "../diffsim/staged-pair";
import { presentTensors } from "../diffsim/staged-tensors";
import type { DiffsimVariant } from "../diffsim/variant";

export const diffsimXlCVariant: DiffsimVariant = {
  ...diffsimXlVariant,
  metric: "diffsim-xl-c",
  attention: "attn2",
  deviations: "encoder_hidden_states reach the hook by keyword, where the released script stops",
  stagedTensors: async (context, pair) =>
    new Map([...(await diffsimXlVariant.stagedTensors(context, pair)), ...stagedAdapter("A", pair.a), ...stagedAdapter("B", pair.b)]),
};

function stagedAdapter(name: string, { shown }: StagedSide): ReadonlyMap<string, Tensor> {
  if (shown === null) return new Map();
  const { shape, data } = stackRows(shown.prompts.map(({ tokens }) => tokens));
  const [rows = 0, ...tokens] = shape;
  const [prompt, none] = shown.prompts.toReversed();
  return presentTensors({
    [`ip_pixels_${name}`]: shown.pixels,
    [`ip_hidden_${name}`]: prompt?.hiddenStates,
    ip_hidden_zero: none?.hiddenStates,
    // One image to a row.
    [`ip_tokens_${name}`]: tensor([rows, 1, ...tokens], data),
  });
}
