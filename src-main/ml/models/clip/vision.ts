/**
 * @file CLIP's vision tower with projection, emitted only as deep as the taps need.
 * Source: transformers 4.44 `CLIPVisionModelWithProjection` (`pre_layrnorm` is the weights' own spelling); Radford et al. 2021.
 */
import { GraphBuilder } from "../../graph/graph-builder";
import type { Graph } from "../../graph/graph-core";
import type { Value } from "../../graph/value";
import { gelu, quickGelu } from "../../nn/activations";
import { scaledDotProductAttention } from "../../nn/attention";
import { conv2d } from "../../nn/conv2d";
import { layerNorm } from "../../nn/layer-norm";
import { linear } from "../../nn/linear";
import type { WeightScope } from "../../weights/weight-scope";
import { outputAttention, visionDepth, type VisionTaps } from "../vision-taps";
import type { ClipVisionConfig } from "./config";

/**
 * What query, key and value of a tapped layer are projections of: its input (the residual stream, as the published code taps it;
 * quirk C1) or the output of layer_norm1 (as the network itself uses them).
 */
export type ClipAttentionSource = "layer-input" | "layer-norm";

export interface ClipVisionOptions {
  readonly taps: VisionTaps;
  readonly attentionSource: ClipAttentionSource;
}

/** Tokens of a picture: the class token, then the patches row by row. */
export function clipTokenGrid(config: ClipVisionConfig): { readonly rows: number; readonly columns: number; readonly prefix: number } {
  const side = Math.floor(config.imageSize / config.patchSize);
  return { rows: side, columns: side, prefix: 1 };
}

/**
 * Authors the graph. Input `pixel_values` [N, 3, S, S]. Outputs by tap: `layer<n>.q|k|v|sdpa` [N, heads, tokens, headDim],
 * `hidden<n+1>` [N, tokens, hidden] after layer n, and `embedding` [N, projection], which is not normalised; with `stages` also `hidden0` and `pooler_output`.
 *
 * @throws tap/unknown, weights/missing-tensor, weights/shape-mismatch
 */
export function buildClipVision(weights: WeightScope, config: ClipVisionConfig, options: ClipVisionOptions): Graph {
  const { taps } = options;
  const depth = visionDepth(taps, config.numHiddenLayers);
  const g = new GraphBuilder();
  const pixels = g.input("pixel_values", "float32", ["N", config.numChannels, config.imageSize, config.imageSize]);
  const vision = weights.scope("vision_model");
  const layers = vision.scope("encoder.layers");
  let h = layerNorm(g, embeddings(g, pixels, vision.scope("embeddings"), config), vision.scope("pre_layrnorm"), {
    eps: config.layerNormEps,
  });
  if (taps.stages === true) g.output("hidden0", h);
  for (let layer = 0; layer < depth.wholeLayers; layer += 1) {
    if (taps.attention.includes(layer)) tapAttention(g, h, layers.scope(`${layer}`), { layer, config, source: options.attentionSource });
    h = encoderLayer(g, h, layers.scope(`${layer}`), config);
    if (taps.hiddenStates.includes(layer)) g.output(`hidden${layer + 1}`, h);
  }
  if (depth.attentionOnly !== null)
    tapAttention(g, h, layers.scope(`${depth.attentionOnly}`), { layer: depth.attentionOnly, config, source: options.attentionSource });
  if (taps.embedding) {
    const pooled = pooledClassToken(g, h, vision, config);
    if (taps.stages === true) g.output("pooler_output", pooled);
    // Staging a tower without projection stops here; asking it for an embedding is an error.
    if (taps.stages !== true || weights.has("visual_projection")) {
      g.output("embedding", linear(g, pooled, weights.scope("visual_projection"), { outFeatures: config.projectionDim, bias: false }));
    }
  }
  return g.build();
}

/** [N, 3, S, S] to [N, 1 + patches, hidden]: patches, the class token before them, learned positions added. */
function embeddings(g: GraphBuilder, pixels: Value, weights: WeightScope, config: ClipVisionConfig): Value {
  const { hiddenSize, patchSize } = config;
  const { rows, columns } = clipTokenGrid(config);
  const patches = conv2d(g, pixels, weights.scope("patch_embedding"), {
    outChannels: hiddenSize,
    kernelSize: patchSize,
    stride: patchSize,
    padding: 0,
    bias: false,
  });
  const tokens = g.transpose(g.reshape(patches, ["N", hiddenSize, rows * columns]), [0, 2, 1]);
  const classToken = g.weight(weights.get("class_embedding", [hiddenSize], { as: [1, 1, hiddenSize] }));
  const positions = g.weight(weights.scope("position_embedding").get("weight", [1 + rows * columns, hiddenSize]));
  return g.add(g.concat([g.expand(classToken, ["N", 1, hiddenSize], tokens), tokens], 1), positions);
}

/** Emits one `CLIPEncoderLayer`: attention and feed-forward, each after a norm and around a residual. */
function encoderLayer(g: GraphBuilder, x: Value, weights: WeightScope, config: ClipVisionConfig): Value {
  const { hiddenSize, numAttentionHeads, layerNormEps } = config;
  const attention = weights.scope("self_attn");
  const { query, key, value } = projections(g, layerNorm(g, x, weights.scope("layer_norm1"), { eps: layerNormEps }), attention, config);
  const attended = scaledDotProductAttention(g, query, key, value, { heads: numAttentionHeads }); // [N, T, hidden]
  const h = g.add(x, linear(g, attended, attention.scope("out_proj"), { outFeatures: hiddenSize }));
  const normed = layerNorm(g, h, weights.scope("layer_norm2"), { eps: layerNormEps });
  const activation = config.hiddenAct === "gelu" ? gelu : quickGelu;
  const inner = activation(g, linear(g, normed, weights.scope("mlp.fc1"), { outFeatures: config.intermediateSize }));
  return g.add(h, linear(g, inner, weights.scope("mlp.fc2"), { outFeatures: hiddenSize }));
}

function tapAttention(
  g: GraphBuilder,
  x: Value,
  weights: WeightScope,
  options: { readonly layer: number; readonly config: ClipVisionConfig; readonly source: ClipAttentionSource },
): void {
  const { layer, config, source } = options;
  const input = source === "layer-input" ? x : layerNorm(g, x, weights.scope("layer_norm1"), { eps: config.layerNormEps });
  outputAttention(g, layer, { ...projections(g, input, weights.scope("self_attn"), config), heads: config.numAttentionHeads });
}

function projections(
  g: GraphBuilder,
  x: Value,
  weights: WeightScope,
  config: ClipVisionConfig,
): { readonly query: Value; readonly key: Value; readonly value: Value } {
  const project = (name: string) => linear(g, x, weights.scope(name), { outFeatures: config.hiddenSize });
  return { query: project("q_proj"), key: project("k_proj"), value: project("v_proj") };
}

/** The class token after the final norm: [N, hidden]. */
function pooledClassToken(g: GraphBuilder, h: Value, weights: WeightScope, config: ClipVisionConfig): Value {
  const classToken = g.squeeze(g.slice(h, { axis: 1, start: 0, end: 1 }), [1]);
  return layerNorm(g, classToken, weights.scope("post_layernorm"), { eps: config.layerNormEps });
}
