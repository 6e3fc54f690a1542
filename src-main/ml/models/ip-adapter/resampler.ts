/**
 * @file The Resampler of IP-Adapter Plus: a few learned tokens that gather what an image encoder saw.
 * Source: tencent-ailab/IP-Adapter `ip_adapter/resampler.py`; Alayrac et al., "Flamingo", 2022 (`PerceiverAttention`).
 */
import type { GraphBuilder } from "../../graph/graph-builder";
import type { Value } from "../../graph/value";
import { gelu } from "../../nn/activations";
import { scaledDotProductAttention } from "../../nn/attention";
import { layerNorm } from "../../nn/layer-norm";
import { linear } from "../../nn/linear";
import type { WeightScope } from "../../weights/weight-scope";

const eps = 1e-5;

export interface ResamplerConfig {
  /** Width of the image encoder's hidden states. */
  readonly imageWidth: number;
  /** Width of the tokens on their way through the layers. */
  readonly hiddenSize: number;
  /** Width of the U-Net's text states, which the tokens stand beside. */
  readonly outputWidth: number;
  readonly tokens: number;
  readonly layers: number;
  readonly heads: number;
  /** Width of all heads together. */
  readonly innerSize: number;
}

/** Emits hidden states [N, S, imageWidth] to image tokens [N, tokens, outputWidth]. */
export function resampler(g: GraphBuilder, hiddenStates: Value, weights: WeightScope, config: ResamplerConfig): Value {
  const { tokens, hiddenSize, outputWidth } = config;
  const x = linear(g, hiddenStates, weights.scope("proj_in"), { outFeatures: hiddenSize }); // [N, S, hidden]
  const learned = g.weight(weights.get("latents", [1, tokens, hiddenSize]));
  let latents = g.expand(learned, ["N", tokens, hiddenSize], hiddenStates);
  for (let i = 0; i < config.layers; i++) {
    latents = g.add(perceiverAttention(g, x, latents, weights.scope(`layers.${i}.0`), config), latents);
    latents = g.add(feedForward(g, latents, weights.scope(`layers.${i}.1`)), latents);
  }
  const out = linear(g, latents, weights.scope("proj_out"), { outFeatures: outputWidth });
  return layerNorm(g, out, weights.scope("norm_out"), { eps });
}

/** The tokens look at the image and at one another. */
function perceiverAttention(g: GraphBuilder, x: Value, latents: Value, weights: WeightScope, config: ResamplerConfig): Value {
  const { heads, innerSize, hiddenSize } = config;
  const project = (input: Value, name: string, outFeatures: number) => linear(g, input, weights.scope(name), { outFeatures, bias: false });
  const normed = layerNorm(g, latents, weights.scope("norm2"), { eps });
  const context = g.concat([layerNorm(g, x, weights.scope("norm1"), { eps }), normed], 1); // [N, S + tokens, hidden]
  const query = project(normed, "to_q", innerSize);
  const [key, value] = g.split(project(context, "to_kv", 2 * innerSize), [innerSize, innerSize], -1) as readonly [Value, Value];
  return project(scaledDotProductAttention(g, query, key, value, { heads }), "to_out", hiddenSize);
}

/** A norm, a layer, GELU, a layer back; in the published sequence the GELU is number 2. */
function feedForward(g: GraphBuilder, x: Value, weights: WeightScope): Value {
  const normed = layerNorm(g, x, weights.scope("0"), { eps });
  const inner = gelu(g, linear(g, normed, weights.scope("1"), { bias: false }));
  return linear(g, inner, weights.scope("3"), { outFeatures: Number(x.shape.at(-1)), bias: false });
}
