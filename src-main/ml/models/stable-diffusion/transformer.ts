/**
 * @file The spatial transformer of the U-Net: self-attention, attention to the text, feed-forward, around tokens made of the pixels of a feature map.
 * Source: diffusers `Transformer2DModel`, `BasicTransformerBlock`, `Attention`.
 */
import type { GraphBuilder } from "../../graph/graph-builder";
import type { Value } from "../../graph/value";
import { scaledDotProductAttention, splitHeads } from "../../nn/attention";
import { conv2d } from "../../nn/conv2d";
import { feedForward } from "../../nn/feed-forward";
import { groupNorm } from "../../nn/group-norm";
import { layerNorm } from "../../nn/layer-norm";
import { linear } from "../../nn/linear";
import type { WeightScope } from "../../weights/weight-scope";
import type { Emission } from "./tap-collector";

const groupNormEps = 1e-6;
const layerNormEps = 1e-5;

export interface TransformerConfig {
  readonly channels: number;
  readonly heads: number;
  readonly layers: number;
  readonly numGroups: number;
  readonly useLinearProjection: boolean;
}

/** Emits one transformer over x [B, C, H, W] and the text [B, S, C_text]; `weights` is scoped to it, e.g. `down_blocks.0.attentions.1`. */
export function* transformer2D(g: GraphBuilder, x: Value, text: Value, weights: WeightScope, config: TransformerConfig): Emission<Value> {
  const { channels, useLinearProjection } = config;
  const normed = groupNorm(g, x, weights.scope("norm"), { numGroups: config.numGroups, eps: groupNormEps });
  let tokens = useLinearProjection
    ? linear(g, pixelsToTokens(g, normed), weights.scope("proj_in"), { outFeatures: channels })
    : pixelsToTokens(g, conv2d(g, normed, weights.scope("proj_in"), { outChannels: channels, kernelSize: 1 }));
  for (let i = 0; i < config.layers; i++) {
    tokens = yield* transformerBlock(g, tokens, text, weights.scope(`transformer_blocks.${i}`), config);
  }
  const out = useLinearProjection
    ? tokensToPixels(g, linear(g, tokens, weights.scope("proj_out"), { outFeatures: channels }), x)
    : conv2d(g, tokensToPixels(g, tokens, x), weights.scope("proj_out"), { outChannels: channels, kernelSize: 1 });
  return g.add(out, x);
}

function* transformerBlock(
  g: GraphBuilder,
  x: Value,
  text: Value,
  weights: WeightScope,
  { channels, heads }: TransformerConfig,
): Emission<Value> {
  const norm = (input: Value, name: string) => layerNorm(g, input, weights.scope(name), { eps: layerNormEps });
  let h = x; // [B, T, C]
  const normed1 = norm(h, "norm1");
  yield { name: `${weights.path}.norm1`, emit: () => normed1 };
  h = g.add(yield* attention(g, normed1, normed1, weights.scope("attn1"), { channels, heads }), h);
  const normed2 = norm(h, "norm2");
  yield { name: `${weights.path}.norm2`, emit: () => normed2 };
  h = g.add(yield* attention(g, normed2, text, weights.scope("attn2"), { channels, heads }), h);
  return g.add(feedForward(g, norm(h, "norm3"), weights.scope("ff")), h);
}

/** Emits one attention of the tokens x [B, T, C] to `context` [B, S, C_context]. Taps: `q`, `k`, `v`, `sdpa` (before `to_out`) and the attention itself. */
function* attention(
  g: GraphBuilder,
  x: Value,
  context: Value,
  weights: WeightScope,
  { channels, heads }: { channels: number; heads: number },
): Emission<Value> {
  const project = (input: Value, name: string) => linear(g, input, weights.scope(name), { outFeatures: channels, bias: false });
  const query = project(x, "to_q");
  yield { name: `${weights.path}.q`, emit: () => splitHeads(g, query, heads) };
  const key = project(context, "to_k");
  yield { name: `${weights.path}.k`, emit: () => splitHeads(g, key, heads) };
  const value = project(context, "to_v");
  yield { name: `${weights.path}.v`, emit: () => splitHeads(g, value, heads) };
  const attended = scaledDotProductAttention(g, query, key, value, { heads }); // [B, T, C]
  yield { name: `${weights.path}.sdpa`, emit: () => splitHeads(g, attended, heads) };
  const out = linear(g, attended, weights.scope("to_out.0"), { outFeatures: channels });
  yield { name: weights.path, emit: () => out };
  return out;
}

/** [B, C, H, W] to [B, H*W, C]. */
function pixelsToTokens(g: GraphBuilder, x: Value): Value {
  const [batch = 1, channels = 1] = x.shape;
  return g.reshape(g.transpose(x, [0, 2, 3, 1]), [batch, -1, channels]);
}

/** [B, H*W, C] back to the shape of `like`, [B, C, H, W]. */
function tokensToPixels(g: GraphBuilder, tokens: Value, like: Value): Value {
  const [batch = 1, channels = 1, height = 1, width = 1] = like.shape;
  return g.transpose(g.reshape(tokens, [batch, height, width, channels]), [0, 3, 1, 2]);
}
