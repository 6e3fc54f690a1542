/**
 * @file The vision transformer of DINO and DINOv2, with and without registers, emitted only as deep as the taps need.
 * Source: transformers 4.44 `ViTModel` and `Dinov2Model`, transformers 5 `Dinov2WithRegistersModel`; Caron et al. 2021, Oquab et al. 2023, Darcet et al. 2023.
 */
import { GraphBuilder } from "../../graph/graph-builder";
import type { Graph } from "../../graph/graph-core";
import type { Value } from "../../graph/value";
import { gelu, silu } from "../../nn/activations";
import { scaledDotProductAttention } from "../../nn/attention";
import { conv2d } from "../../nn/conv2d";
import { layerNorm } from "../../nn/layer-norm";
import { linear } from "../../nn/linear";
import type { WeightScope } from "../../weights/weight-scope";
import { outputAttention, visionDepth, type VisionTaps } from "../vision-taps";
import type { Dinov2Config } from "./config";
import { patchGrid, type InputSize } from "./position-embeddings";

export interface Dinov2Options {
  readonly taps: VisionTaps;
  readonly size: InputSize;
  /** [1 + registers + patches, hidden]: what is added to the tokens, the class token and the registers themselves included; see `dinov2TokenTable`. */
  readonly tokenTable: Float32Array;
}

/**
 * Authors the graph. Input `pixel_values` [N, 3, H, W]. Outputs by tap: `layer<n>.q|k|v|sdpa` [N, heads, tokens, headDim] of norm1's
 * output, `hidden<n+1>` [N, tokens, hidden] after layer n, and `embedding` [N, hidden], the class token after the final norm; with
 * `stages` also `hidden0` and `last_hidden_state`.
 *
 * @throws tap/unknown, weights/missing-tensor, weights/shape-mismatch
 */
export function buildDinov2(weights: WeightScope, config: Dinov2Config, options: Dinov2Options): Graph {
  const { taps, size } = options;
  const depth = visionDepth(taps, config.numHiddenLayers);
  const g = new GraphBuilder();
  const pixels = g.input("pixel_values", "float32", ["N", 3, size.height, size.width]);
  const layers = weights.scope("encoder.layer");
  let h = embeddings(g, pixels, weights.scope("embeddings"), { config, options });
  if (taps.stages === true) g.output("hidden0", h);
  for (let layer = 0; layer < depth.wholeLayers; layer += 1) {
    if (taps.attention.includes(layer)) tapAttention(g, h, layers.scope(`${layer}`), { layer, config });
    h = encoderLayer(g, h, layers.scope(`${layer}`), config);
    if (taps.hiddenStates.includes(layer)) g.output(`hidden${layer + 1}`, h);
  }
  if (depth.attentionOnly !== null) tapAttention(g, h, layers.scope(`${depth.attentionOnly}`), { layer: depth.attentionOnly, config });
  if (taps.embedding) {
    const normed = layerNorm(g, h, weights.scope("layernorm"), { eps: config.layerNormEps });
    if (taps.stages === true) g.output("last_hidden_state", normed);
    g.output("embedding", g.squeeze(g.slice(normed, { axis: 1, start: 0, end: 1 }), [1]));
  }
  return g.build();
}

/** [N, 3, H, W] to [N, tokens, hidden]. The prefix tokens enter through the table, so the patches are padded with empty tokens before it is added. */
function embeddings(
  g: GraphBuilder,
  pixels: Value,
  weights: WeightScope,
  { config, options }: { readonly config: Dinov2Config; readonly options: Dinov2Options },
): Value {
  const { hiddenSize, patchSize, numRegisterTokens } = config;
  const { rows, columns } = patchGrid(options.size);
  const prefix = 1 + numRegisterTokens;
  const patches = conv2d(g, pixels, weights.scope("patch_embeddings.projection"), {
    outChannels: hiddenSize,
    kernelSize: patchSize,
    stride: patchSize,
    padding: 0,
  });
  const tokens = g.transpose(g.reshape(patches, ["N", hiddenSize, rows * columns]), [0, 2, 1]);
  const table = g.constant([prefix + rows * columns, hiddenSize], options.tokenTable);
  return g.add(g.pad(tokens, [0, prefix, 0, 0, 0, 0]), table);
}

/** Emits one `Dinov2Layer`: attention and feed-forward, each after a norm, scaled per channel (not in DINO v1), around a residual. */
function encoderLayer(g: GraphBuilder, x: Value, weights: WeightScope, config: Dinov2Config): Value {
  const { hiddenSize, numAttentionHeads } = config;
  const { query, key, value } = projections(g, x, weights, config);
  const attended = scaledDotProductAttention(g, query, key, value, { heads: numAttentionHeads }); // [N, T, hidden]
  const projected = linear(g, attended, weights.scope("attention.output.dense"), { outFeatures: hiddenSize });
  const h = g.add(layerScale(g, projected, weights.scope("layer_scale1"), config), x);
  const normed = layerNorm(g, h, weights.scope("norm2"), { eps: config.layerNormEps });
  return g.add(layerScale(g, feedForward(g, normed, weights.scope("mlp"), config), weights.scope("layer_scale2"), config), h);
}

/** GELU between two linear layers, or SwiGLU: silu of the first half times the second half. */
function feedForward(g: GraphBuilder, x: Value, weights: WeightScope, config: Dinov2Config): Value {
  const { hiddenSize, intermediateSize: inner } = config;
  if (!config.useSwigluFfn)
    return linear(g, gelu(g, linear(g, x, weights.scope("fc1"), { outFeatures: inner })), weights.scope("fc2"), {
      outFeatures: hiddenSize,
    });
  const [gate, content] = g.split(linear(g, x, weights.scope("weights_in"), { outFeatures: 2 * inner }), [inner, inner], -1) as readonly [
    Value,
    Value,
  ];
  return linear(g, g.mul(silu(g, gate), content), weights.scope("weights_out"), { outFeatures: hiddenSize });
}

function tapAttention(
  g: GraphBuilder,
  x: Value,
  weights: WeightScope,
  { layer, config }: { readonly layer: number; readonly config: Dinov2Config },
): void {
  outputAttention(g, layer, { ...projections(g, x, weights, config), heads: config.numAttentionHeads });
}

/** Query, key and value of norm1's output, each [N, tokens, hidden]. */
function projections(
  g: GraphBuilder,
  x: Value,
  weights: WeightScope,
  config: Dinov2Config,
): { readonly query: Value; readonly key: Value; readonly value: Value } {
  const normed = layerNorm(g, x, weights.scope("norm1"), { eps: config.layerNormEps });
  const project = (name: string) =>
    linear(g, normed, weights.scope(`attention.attention.${name}`), { outFeatures: config.hiddenSize, bias: config.qkvBias });
  return { query: project("query"), key: project("key"), value: project("value") };
}

function layerScale(g: GraphBuilder, x: Value, weights: WeightScope, { hasLayerScale, hiddenSize }: Dinov2Config): Value {
  return hasLayerScale ? g.mul(x, g.weight(weights.get("lambda1", [hiddenSize]))) : x;
}
