/**
 * @file CLIP's text tower: token ids to one state per token, and to one vector per text.
 * Source: transformers 4.44 `CLIPTextTransformer` and `CLIPTextModelWithProjection`; Radford et al. 2021. Pad tokens are not masked.
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
/** With this `eos_token_id`, which early files carry by mistake, transformers takes the token with the largest id for the end. */
const legacyEndId = 2;

/**
 * What a tower gives out: `last_hidden_state` [N, T, C] with the final norm (Stable Diffusion 1.x and 2.x read it), `penultimate_hidden_state` [N, T, C], the
 * states before the last layer without a norm (SDXL, of both towers), and `text_embeds` [N, P], the end token's last state projected (SDXL, of the second).
 */
export type ClipTextOutput = "last_hidden_state" | "penultimate_hidden_state" | "text_embeds";

export interface ClipTextGraphOptions extends GraphOptions {
  /** `last_hidden_state` when left out. */
  readonly outputs?: readonly ClipTextOutput[];
}

/**
 * Authors the text tower as far as its outputs need it. Input `input_ids` [N, T] int64 with T = maxPositionEmbeddings; outputs are float32.
 * The `position_ids` that old files carry are not read: they count from 0.
 *
 * @throws weights/missing-tensor, weights/shape-mismatch
 */
export function buildClipText(weights: WeightScope, config: ClipTextConfig, options: ClipTextGraphOptions = {}): Graph {
  const { outputs = ["last_hidden_state"], ...graphOptions } = options;
  const g = new GraphBuilder(graphOptions);
  const ids = g.input("input_ids", "int64", ["N", config.maxPositionEmbeddings]);
  const tower = weights.scope("text_model");
  const mask = causalMask(g, config.maxPositionEmbeddings);
  const layer = (x: Value, index: number) => encoderLayer(g, x, tower.scope(`encoder.layers.${index}`), { ...config, mask });

  const last = config.numHiddenLayers - 1;
  let h = tokenEmbeddings(g, ids, tower.scope("embeddings"), config);
  for (let i = 0; i < last; i++) h = layer(h, i);
  if (outputs.includes("penultimate_hidden_state")) g.output("penultimate_hidden_state", h);
  if (outputs.every((output) => output === "penultimate_hidden_state")) return g.build();
  const states = layerNorm(g, layer(h, last), tower.scope("final_layer_norm"), { eps: config.layerNormEps });
  if (outputs.includes("last_hidden_state")) g.output("last_hidden_state", states);
  if (outputs.includes("text_embeds")) {
    const projection = { outFeatures: config.projectionDim, bias: false };
    g.output("text_embeds", linear(g, endTokenState(g, ids, states, config), weights.scope("text_projection"), projection));
  }
  return g.build();
}

/** [N, T] to [N, T, C]. */
function tokenEmbeddings(g: GraphBuilder, ids: Value, weights: WeightScope, config: ClipTextConfig): Value {
  const { hiddenSize, vocabSize, maxPositionEmbeddings } = config;
  const tokenTable = g.weight(weights.scope("token_embedding").get("weight", [vocabSize, hiddenSize]));
  const positionTable = g.weight(weights.scope("position_embedding").get("weight", [maxPositionEmbeddings, hiddenSize]));
  return g.add(g.gather(tokenTable, ids), positionTable);
}

type LayerConfig = ClipTextConfig & { readonly mask: Value };

function encoderLayer(g: GraphBuilder, x: Value, weights: WeightScope, config: LayerConfig): Value {
  const eps = config.layerNormEps;
  const h = g.add(x, selfAttention(g, layerNorm(g, x, weights.scope("layer_norm1"), { eps }), weights.scope("self_attn"), config));
  return g.add(h, mlp(g, layerNorm(g, h, weights.scope("layer_norm2"), { eps }), weights.scope("mlp"), config));
}

/** The state of each text's first end token: states [N, T, C] to [N, C]. */
function endTokenState(g: GraphBuilder, ids: Value, states: Value, { eosTokenId, maxPositionEmbeddings: tokens }: ClipTextConfig): Value {
  const numbers = g.cast(ids, "float32");
  const endness = eosTokenId === legacyEndId ? numbers : g.neg(g.abs(g.sub(numbers, g.scalar(eosTokenId)))); // largest at the end token
  const place = g.unsqueeze(g.cast(g.argmax(endness, 1), "float32"), [1]); // [N, 1]
  const places = g.constant(
    [tokens],
    Float32Array.from({ length: tokens }, (_, t) => t),
  );
  const chosen = g.sub(g.scalar(1), g.minimum(g.abs(g.sub(places, place)), g.scalar(1))); // [N, T]: 1 at the place, 0 elsewhere
  return g.squeeze(g.matmul(g.unsqueeze(chosen, [1]), states), [1]);
}

/** Attention of each token to itself and those before it, [N, T, C] to [N, T, C]. */
function selfAttention(g: GraphBuilder, x: Value, weights: WeightScope, config: LayerConfig): Value {
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
