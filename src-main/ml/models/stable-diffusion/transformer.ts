/**
 * @file The spatial transformer of the U-Net: self-attention, attention to the text, feed-forward, around tokens made of the pixels of a feature map.
 * Source: diffusers `Transformer2DModel`, `BasicTransformerBlock`, `Attention`.
 */
import type { GraphBuilder } from "../../graph/graph-builder";
import type { Value } from "../../graph/value";
import { attentionMap, scaledDotProductAttention, splitHeads } from "../../nn/attention";
import { conv2d } from "../../nn/conv2d";
import { geglu } from "../../nn/geglu";
import { groupNorm } from "../../nn/group-norm";
import { layerNorm } from "../../nn/layer-norm";
import { linear } from "../../nn/linear";
import type { WeightScope } from "../../weights/weight-scope";
import { tap, type Emission } from "./tap-collector";

const groupNormEps = 1e-6;
const layerNormEps = 1e-5;

export interface TransformerConfig {
  readonly channels: number;
  readonly heads: number;
  readonly layers: number;
  readonly numGroups: number;
  readonly useLinearProjection: boolean;
  /** Whether attn1 looks at the text as well, instead of at its own tokens. */
  readonly onlyCrossAttention: boolean;
}

/** What an attention to the text sees beside it: the tokens of an image, as an IP-Adapter gives them. */
export interface ImageAttention {
  readonly tokens: number;
  /** Weight of what is found in the image beside what is found in the text. */
  readonly scale: number;
}

/** What the tokens of a transformer may look at: the text [B, S, C_text], and an image or none. */
export interface TransformerContext {
  readonly text: Value;
  readonly image: ImageAttention | null;
}

/** Emits one transformer over x [B, C, H, W]; `weights` is scoped to it, e.g. `down_blocks.0.attentions.1`. */
export function* transformer2D(
  g: GraphBuilder,
  x: Value,
  context: TransformerContext,
  weights: WeightScope,
  config: TransformerConfig,
): Emission<Value> {
  const { channels, useLinearProjection } = config;
  const normed = groupNorm(g, x, weights.scope("norm"), { numGroups: config.numGroups, eps: groupNormEps });
  const projIn = weights.scope("proj_in");
  const projected = useLinearProjection
    ? linear(g, pixelsToTokens(g, normed), projIn, { outFeatures: channels })
    : conv2d(g, normed, projIn, { outChannels: channels, kernelSize: 1 });
  yield tap(projIn.path, projected);
  let tokens = useLinearProjection ? projected : pixelsToTokens(g, projected);
  for (let i = 0; i < config.layers; i++) {
    tokens = yield* transformerBlock(g, tokens, context, weights.scope(`transformer_blocks.${i}`), config);
  }
  const projOut = weights.scope("proj_out");
  const out = useLinearProjection
    ? linear(g, tokens, projOut, { outFeatures: channels })
    : conv2d(g, tokensToPixels(g, tokens, x), projOut, { outChannels: channels, kernelSize: 1 });
  yield tap(projOut.path, out);
  const sum = g.add(useLinearProjection ? tokensToPixels(g, out, x) : out, x);
  yield tap(weights.path, sum);
  return sum;
}

function* transformerBlock(
  g: GraphBuilder,
  x: Value,
  { text, image }: TransformerContext,
  weights: WeightScope,
  config: TransformerConfig,
): Emission<Value> {
  const [norm1, norm2, norm3] = [weights.scope("norm1"), weights.scope("norm2"), weights.scope("norm3")];
  const norm = (input: Value, scope: WeightScope) => layerNorm(g, input, scope, { eps: layerNormEps });
  let h = x; // [B, T, C]
  const normed1 = norm(h, norm1);
  yield tap(norm1.path, normed1);
  const context1 = config.onlyCrossAttention ? text : normed1;
  h = g.add(yield* attention(g, normed1, context1, weights.scope("attn1"), { ...config, image: null }), h);
  const normed2 = norm(h, norm2);
  yield tap(norm2.path, normed2);
  h = g.add(yield* attention(g, normed2, text, weights.scope("attn2"), { ...config, image }), h);
  const normed3 = norm(h, norm3);
  yield tap(norm3.path, normed3);
  h = g.add(yield* feedForward(g, normed3, weights.scope("ff")), h);
  yield tap(weights.path, h);
  return h;
}

interface AttentionConfig {
  readonly channels: number;
  readonly heads: number;
  readonly image: ImageAttention | null;
}

/** Emits one attention of the tokens x [B, T, C] to `context` [B, S, C_context], and to an image beside it. Taps: see `TapPoint`. */
function* attention(g: GraphBuilder, x: Value, context: Value, weights: WeightScope, config: AttentionConfig): Emission<Value> {
  const { channels, heads } = config;
  const project = (input: Value, name: string) => linear(g, input, weights.scope(name), { outFeatures: channels, bias: false });
  const query = project(x, "to_q");
  yield { name: `${weights.path}.q`, emit: () => splitHeads(g, query, heads) };
  const key = project(context, "to_k");
  yield { name: `${weights.path}.k`, emit: () => splitHeads(g, key, heads) };
  yield { name: `${weights.path}.map`, emit: () => attentionMap(g, query, key, { heads }) };
  const value = project(context, "to_v");
  yield { name: `${weights.path}.v`, emit: () => splitHeads(g, value, heads) };
  let attended = scaledDotProductAttention(g, query, key, value, { heads }); // [B, T, C]
  if (config.image !== null) attended = g.add(attended, yield* imageAttention(g, query, weights.path, { ...config, image: config.image }));
  yield { name: `${weights.path}.sdpa`, emit: () => splitHeads(g, attended, heads) };
  const out = linear(g, attended, weights.scope("to_out.0"), { outFeatures: channels });
  yield tap(weights.path, out);
  return out;
}

/** Names of the graph inputs that hold key and value of the image for the attention at `path`, each [N, image tokens, channels], heads side by side. */
export function imageAttentionInputs(path: string): readonly [key: string, value: string] {
  return [`${path}.to_k_ip`, `${path}.to_v_ip`];
}

/**
 * What the query finds in the image, weighted. Key and value are inputs: they depend on the image alone, so they are computed once an image, and by the
 * adapter's own weights.
 */
function* imageAttention(
  g: GraphBuilder,
  query: Value,
  path: string,
  { channels, heads, image }: AttentionConfig & { readonly image: ImageAttention },
): Emission<Value> {
  const input = (name: string) => g.input(name, "float32", ["N", image.tokens, channels]);
  const [keyName, valueName] = imageAttentionInputs(path);
  const [key, value] = [input(keyName), input(valueName)];
  yield { name: `${path}.k_ip`, emit: () => splitHeads(g, key, heads) };
  yield { name: `${path}.v_ip`, emit: () => splitHeads(g, value, heads) };
  const found = scaledDotProductAttention(g, query, key, value, { heads });
  yield { name: `${path}.sdpa_ip`, emit: () => splitHeads(g, found, heads) };
  return g.scale(found, image.scale);
}

function* feedForward(g: GraphBuilder, x: Value, weights: WeightScope): Emission<Value> {
  const gated = weights.scope("net.0");
  const inner = geglu(g, x, gated); // [B, T, 4 * C]
  yield tap(gated.path, inner);
  const out = linear(g, inner, weights.scope("net.2"), { outFeatures: Number(x.shape.at(-1)) });
  yield tap(weights.path, out);
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
