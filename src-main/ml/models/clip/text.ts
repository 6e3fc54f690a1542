/**
 * @file CLIP's text tower: token ids to one state per token.
 * Source: transformers `CLIPTextTransformer`; Radford et al. 2021. Stable Diffusion uses `last_hidden_state` with the final norm and no padding mask.
 */
import { GraphBuilder } from "../../graph/graph-builder";
import type { Graph, GraphOptions } from "../../graph/graph-core";
import type { Value } from "../../graph/value";
import { gelu, quickGelu } from "../../nn/activations";
import { scaledDotProductAttention } from "../../nn/attention";
import { layerNorm } from "../../nn/layer-norm";
import { linear } from "../../nn/linear";
import type { WeightScope } from "../../weights/weight-scope";
import type { ClipTextConfig } from "./text-config";

/** Added to the scores of the tokens that come later; exp of it is exactly 0. */
const maskedScore = -1e9;

/**
 * Authors the text tower. Input `input_ids` [N, T] int64 with T = maxPositionEmbeddings; output `last_hidden_state` [N, T, C] float32.
 * The `position_ids` that old files carry are not read: they count from 0.
 *
 * @throws weights/missing-tensor, weights/shape-mismatch
 */
export function buildClipText(weights: WeightScope, config: ClipTextConfig, options: GraphOptions = {}): Graph {
  const g = new GraphBuilder(options);
  const ids = g.input("input_ids", "int64", ["N", config.maxPositionEmbeddings]);
  g.output("last_hidden_state", clipText(g, ids, weights.scope("text_model"), config));
  return g.build();
}

/** Emits the tower over ids [N, T]; `weights` is scoped to `text_model`. */
export function clipText(g: GraphBuilder, ids: Value, weights: WeightScope, config: ClipTextConfig): Value {
  const { hiddenSize, maxPositionEmbeddings: tokens, layerNormEps: eps } = config;
  const embeddings = weights.scope("embeddings");
  const tokenTable = g.weight(embeddings.scope("token_embedding").get("weight", [config.vocabSize, hiddenSize]));
  const positionTable = g.weight(embeddings.scope("position_embedding").get("weight", [tokens, hiddenSize]));
  let h = g.add(g.gather(tokenTable, ids), positionTable); // [N, T, C]
  const mask = causalMask(g, tokens);
  for (let i = 0; i < config.numHiddenLayers; i++) {
    const layer = weights.scope(`encoder.layers.${i}`);
    h = g.add(h, selfAttention(g, layerNorm(g, h, layer.scope("layer_norm1"), { eps }), layer.scope("self_attn"), { ...config, mask }));
    h = g.add(h, mlp(g, layerNorm(g, h, layer.scope("layer_norm2"), { eps }), layer.scope("mlp"), config));
  }
  return layerNorm(g, h, weights.scope("final_layer_norm"), { eps });
}

/** Attention of each token to itself and those before it, [N, T, C] to [N, T, C]. */
function selfAttention(g: GraphBuilder, x: Value, weights: WeightScope, config: ClipTextConfig & { mask: Value }): Value {
  const { hiddenSize: outFeatures, numAttentionHeads: heads, mask } = config;
  const project = (name: string) => linear(g, x, weights.scope(name), { outFeatures });
  const attended = scaledDotProductAttention(g, project("q_proj"), project("k_proj"), project("v_proj"), { heads, mask });
  return linear(g, attended, weights.scope("out_proj"), { outFeatures });
}

function mlp(g: GraphBuilder, x: Value, weights: WeightScope, config: ClipTextConfig): Value {
  const activation = config.hiddenAct === "quick_gelu" ? quickGelu : gelu;
  const hidden = activation(g, linear(g, x, weights.scope("fc1"), { outFeatures: config.intermediateSize }));
  return linear(g, hidden, weights.scope("fc2"), { outFeatures: config.hiddenSize });
}

/** [T, T]: 0 on and below the diagonal. */
function causalMask(g: GraphBuilder, tokens: number): Value {
  const mask = new Float32Array(tokens * tokens);
  for (let query = 0; query < tokens; query++) mask.fill(maskedScore, query * tokens + query + 1, (query + 1) * tokens);
  return g.constant([tokens, tokens], mask);
}
