/**
 * @file Residual block of the Stable Diffusion U-Net and VAE.
 * Source: diffusers `ResnetBlock2D` with `time_embedding_norm="default"`.
 */
import type { GraphBuilder } from "../../graph/graph-builder";
import type { Value } from "../../graph/value";
import { silu } from "../../nn/activations";
import { conv2d } from "../../nn/conv2d";
import { groupNorm } from "../../nn/group-norm";
import { linear } from "../../nn/linear";
import type { WeightScope } from "../../weights/weight-scope";

export interface ResnetBlockConfig {
  readonly outChannels: number;
  readonly numGroups: number;
  readonly eps: number;
}

/** Emits one block, [B, C_in, H, W] to [B, outChannels, H, W]. `temb` is the time embedding after its activation, [B, C_temb]; the VAE has none. */
export function resnetBlock(g: GraphBuilder, x: Value, temb: Value | null, weights: WeightScope, config: ResnetBlockConfig): Value {
  return addShortcut(g, x, residualBranch(g, x, temb, weights, config), weights);
}

/** What the block adds to its input, up to `conv2`: [B, outChannels, H, W]. */
export function residualBranch(g: GraphBuilder, x: Value, temb: Value | null, weights: WeightScope, config: ResnetBlockConfig): Value {
  const { outChannels } = config;
  let h = groupNorm(g, x, weights.scope("norm1"), config);
  h = conv2d(g, silu(g, h), weights.scope("conv1"), { outChannels, kernelSize: 3, padding: 1 }); // [B, C_out, H, W]
  if (temb !== null) {
    const shift = linear(g, temb, weights.scope("time_emb_proj"), { outFeatures: outChannels }); // [B, C_out]
    h = g.add(h, g.unsqueeze(shift, [2, 3]));
  }
  h = groupNorm(g, h, weights.scope("norm2"), config);
  return conv2d(g, silu(g, h), weights.scope("conv2"), { outChannels, kernelSize: 3, padding: 1 });
}

/** The block's input, at the branch's width, and its branch. */
export function addShortcut(g: GraphBuilder, x: Value, branch: Value, weights: WeightScope): Value {
  const outChannels = Number(branch.shape[1]);
  const shortcut = weights.has("conv_shortcut") ? conv2d(g, x, weights.scope("conv_shortcut"), { outChannels, kernelSize: 1 }) : x;
  return g.add(shortcut, branch);
}
