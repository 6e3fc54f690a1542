/** @file What the U-Net is told beside each latent: the prompt and, with XL, the size of the picture. */
import { defined } from "#shared/lib/assert";
import { tensor, type Float32Tensor } from "../../tensor/tensor";
import type { ShownImage } from "../diffsim-c/image-prompter";
import type { DiffsimPipeline, UNetConditioning } from "./pipeline";
import type { DiffsimSettings } from "./settings";

/** Pixels a side of a latent's place. */
const pixelsPerPlace = 8;

/**
 * The rows each latent is shown with: the negative prompt first, as classifier-free guidance stacks them. XL is also told how large the picture is: the
 * published code says the size the checkpoint was trained on, whatever the picture's; the corrected mode says the truth.
 */
export async function conditioningRows(pipeline: DiffsimPipeline, settings: DiffsimSettings): Promise<readonly UNetConditioning[]> {
  const { config } = pipeline.networks.unet;
  const side = settings.mode === "published" ? config.sampleSize * pixelsPerPlace : settings.size;
  const timeIds = config.additionEmbed === null ? {} : { timeIds: tensor([1, 6], Float32Array.of(side, side, 0, 0, side, side)) };
  const encode = async (prompt: string): Promise<UNetConditioning> => ({ ...(await pipeline.encodePrompt(prompt)), ...timeIds });
  const positive = await encode(settings.prompt);
  if (!settings.hasNegativeRow) return [positive];
  return [settings.negativePrompt === null ? withoutPrompt(positive) : await encode(settings.negativePrompt), positive];
}

/** The same rows with an image beside each text. */
export function withImage(rows: readonly UNetConditioning[], { prompts }: ShownImage): readonly UNetConditioning[] {
  return rows.map((row, i) => ({ ...row, imageAttention: defined(prompts[i], "every row has an image prompt").attention }));
}

/** The row of a prompt that was not given: zeros instead of states. */
function withoutPrompt({ encoderHiddenStates, textEmbeds, ...rest }: UNetConditioning): UNetConditioning {
  return {
    ...rest,
    encoderHiddenStates: zerosLike(encoderHiddenStates),
    ...(textEmbeds === undefined ? {} : { textEmbeds: zerosLike(textEmbeds) }),
  };
}

function zerosLike({ shape, data }: Float32Tensor): Float32Tensor {
  return tensor(shape, new Float32Array(data.length));
}
