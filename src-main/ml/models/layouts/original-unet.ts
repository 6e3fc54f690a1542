/**
 * @file The U-Net's tensors of the original layout under diffusers' names.
 * Source: `openaimodel.py` of CompVis latent-diffusion and of Stability's generative-models, which number blocks from the input to the output
 * (`input_blocks`, `middle_block`, `output_blocks`); diffusers `UNet2DConditionModel`, which groups them by resolution.
 */

/** Modules outside the numbered blocks, and the middle block's. */
const modules: Readonly<Record<string, string>> = {
  "time_embed.0": "time_embedding.linear_1",
  "time_embed.2": "time_embedding.linear_2",
  "label_emb.0.0": "add_embedding.linear_1",
  "label_emb.0.2": "add_embedding.linear_2",
  "input_blocks.0.0": "conv_in",
  "out.0": "conv_norm_out",
  "out.2": "conv_out",
};

const middleModules: Readonly<Record<string, string>> = { 0: "resnets.0", 1: "attentions.0", 2: "resnets.1" };

const resnetModules: Readonly<Record<string, string>> = {
  "in_layers.0": "norm1",
  "in_layers.2": "conv1",
  "emb_layers.1": "time_emb_proj",
  "out_layers.0": "norm2",
  "out_layers.3": "conv2",
  skip_connection: "conv_shortcut",
};

/** Residual blocks of one resolution on the way down: the first block that only halves the resolution comes after them. */
export function layersPerBlockOf(names: Iterable<string>): number {
  let inputs = 0;
  let firstDownsampler = Infinity;
  for (const name of names) {
    const [, index, op] = /^input_blocks\.(\d+)\.0\.(op\.)?/.exec(name) ?? [];
    if (index === undefined) continue;
    inputs = Math.max(inputs, Number(index));
    if (op !== undefined) firstDownsampler = Math.min(firstDownsampler, Number(index));
  }
  return Math.min(firstDownsampler - 1, inputs);
}

/** diffusers' name of a U-Net tensor, whose prefix is cut off; null when no U-Net of Stable Diffusion has such a tensor. */
export function unetName(name: string, layersPerBlock: number): string | null {
  const dot = name.lastIndexOf(".");
  const outside = modules[name.slice(0, dot)];
  if (outside !== undefined) return outside + name.slice(dot);
  const [, middle = "", middleRest = ""] = /^middle_block\.(\d+)\.(.+)$/.exec(name) ?? [];
  if (middle !== "") return innerName("mid_block", middleModules[middle], middleRest);
  const [, half = "", position = "", child = "", rest = ""] = /^(input_blocks|output_blocks)\.(\d+)\.(\d)\.(.+)$/.exec(name) ?? [];
  // The first input block is a convolution that belongs to no resolution.
  const index = half === "input_blocks" ? Number(position) - 1 : Number(position);
  if (half === "" || index < 0) return null;
  const block = `${half === "input_blocks" ? "down" : "up"}_blocks.${Math.floor(index / (layersPerBlock + 1))}`;
  if (rest.startsWith("op.")) return `${block}.downsamplers.0.conv${rest.slice(2)}`;
  if (rest.startsWith("conv.")) return `${block}.upsamplers.0.${rest}`;
  return innerName(block, `${child === "0" ? "resnets" : "attentions"}.${index % (layersPerBlock + 1)}`, rest);
}

/** Attentions are called alike in both layouts; residual blocks are not. */
function innerName(block: string, module: string | undefined, rest: string): string | null {
  if (module === undefined) return null;
  if (module.startsWith("attentions")) return `${block}.${module}.${rest}`;
  const dot = rest.lastIndexOf(".");
  const inner = resnetModules[rest.slice(0, dot)];
  return inner === undefined ? null : `${block}.${module}.${inner}${rest.slice(dot)}`;
}
