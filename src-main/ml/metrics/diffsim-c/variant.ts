/**
 * @file DiffSim by what an IP-Adapter shows of each picture: the U-Net sees a picture as latent and as image prompt, and the queries of the one find their way
 * among the image tokens of the other.
 * Source: diffsim/diffsim.py of the published code with `ip_adapter=True`.
 */
import type { Tensor } from "../../tensor/tensor";
import { diffsimSVariant } from "../diffsim/diffsim-s-variant";
import type { StagedSide } from "../diffsim/staged-pair";
import { presentTensors } from "../diffsim/staged-tensors";
import type { DiffsimVariant } from "../diffsim/variant";

export const diffsimCVariant: DiffsimVariant = {
  ...diffsimSVariant,
  metric: "diffsim-c",
  attention: "attn2",
  deviations: "encoder_hidden_states reach the hook by keyword, where the released script stops; the adapter's projections stay float32",
  stagedTensors: async (context, pair) =>
    new Map([...(await diffsimSVariant.stagedTensors(context, pair)), ...stagedAdapter("A", pair.a), ...stagedAdapter("B", pair.b)]),
};

function stagedAdapter(name: string, { shown }: StagedSide): ReadonlyMap<string, Tensor> {
  if (shown === null) return new Map();
  const [prompt, none] = shown.prompts.toReversed();
  return presentTensors({
    [`${name}.ip_pixels`]: shown.pixels,
    [`${name}.ip_hidden`]: prompt?.hiddenStates,
    [`${name}.ip_hidden_zero`]: none?.hiddenStates,
    // The first call of the Resampler, which is that of the row without a picture where there is one.
    [`${name}.ip_tokens`]: shown.prompts[0]?.tokens,
  });
}
