/**
 * @file The autoencoder's tensors of the original layout under diffusers' names.
 * Source: `diffusionmodules/model.py` of CompVis latent-diffusion; diffusers `AutoencoderKL`.
 */
import type { RenamedTensor } from "../../weights/renamed-checkpoint";

const middleModules: Readonly<Record<string, string>> = { block_1: "resnets.0", attn_1: "attentions.0", block_2: "resnets.1" };

const attentionModules: Readonly<Record<string, string>> = { norm: "group_norm", q: "to_q", k: "to_k", v: "to_v", proj_out: "to_out.0" };

/** Up blocks of the decoder, which the original layout counts from the output and diffusers from the latent. */
export function upBlockCountOf(names: Iterable<string>): number {
  let count = 0;
  for (const name of names) count = Math.max(count, Number(/^decoder\.up\.(\d+)\./.exec(name)?.[1] ?? -1) + 1);
  return count;
}

/** A tensor of the autoencoder, whose prefix is cut off, as diffusers has it; null for what is of no use outside training. */
export function vaeTensor(name: string, shape: readonly number[], upBlocks: number): RenamedTensor | null {
  if (/^(post_)?quant_conv\./.test(name)) return { name, from: name };
  const [, half = "", rest = ""] = /^(encoder|decoder)\.(.+)$/.exec(name) ?? [];
  const inner = rest === "" ? null : halfName(rest, upBlocks);
  if (inner === null) return null;
  // Attention over pixels: a convolution of size 1 there, a linear layer here.
  const isPointwise = inner.includes("attentions.0.to_") && shape.length === 4;
  return { name: `${half}.${inner}`, from: name, ...(isPointwise ? { shape: shape.slice(0, 2) } : {}) };
}

function halfName(rest: string, upBlocks: number): string | null {
  if (/^conv_(in|out)\./.test(rest)) return rest;
  if (rest.startsWith("norm_out.")) return `conv_${rest}`;
  const [, middle = "", tail = ""] = /^mid\.(\w+)\.(.+)$/.exec(rest) ?? [];
  if (middle !== "") return middleName(middle, tail);
  const [, way = "", level = "", module = ""] = /^(down|up)\.(\d+)\.(.+)$/.exec(rest) ?? [];
  const block = way === "down" ? `down_blocks.${level}` : `up_blocks.${upBlocks - 1 - Number(level)}`;
  if (module.startsWith("downsample.")) return `${block}.downsamplers.0.${module.slice("downsample.".length)}`;
  if (module.startsWith("upsample.")) return `${block}.upsamplers.0.${module.slice("upsample.".length)}`;
  return module.startsWith("block.") ? `${block}.resnets.${resnetName(module.slice("block.".length))}` : null;
}

function middleName(module: string, tail: string): string | null {
  const name = middleModules[module];
  if (name === undefined) return null;
  if (module !== "attn_1") return `mid_block.${name}.${resnetName(tail)}`;
  const dot = tail.lastIndexOf(".");
  const inner = attentionModules[tail.slice(0, dot)];
  return inner === undefined ? null : `mid_block.${name}.${inner}${tail.slice(dot)}`;
}

function resnetName(name: string): string {
  return name.replace("nin_shortcut.", "conv_shortcut.");
}
