/**
 * @file Where a DiT keeps its weights: under Meta's names, or under those diffusers gives the same tensors (query, key and value apart, the embedders of
 * timestep and class repeated in every block).
 */
import type { WeightScope } from "../../weights/weight-scope";

export interface DitBlockWeights {
  /** The six shifts, scales and gates. */
  readonly modulation: WeightScope;
  /** One layer for query, key and value together, or one for each. */
  readonly projections: readonly WeightScope[];
  readonly out: WeightScope;
  readonly fc1: WeightScope;
  readonly fc2: WeightScope;
}

export interface DitWeights {
  /** The convolution that turns patches into tokens. */
  readonly patches: WeightScope;
  /** The two linear layers after the sinusoids of the timestep. */
  readonly timestep: readonly [WeightScope, WeightScope];
  readonly classes: WeightScope;
  readonly block: (index: number) => DitBlockWeights;
}

/** The parts of the DiT below `weights`, whichever names they have. */
export function ditWeights(weights: WeightScope): DitWeights {
  const conditioning = weights.scope("transformer_blocks.0.norm1.emb");
  const either = (meta: string, diffusers: string) => (weights.has(meta) ? weights.scope(meta) : conditioning.scope(diffusers));
  return {
    patches: weights.scope("x_embedder.proj", "pos_embed.proj"),
    timestep: [either("t_embedder.mlp.0", "timestep_embedder.linear_1"), either("t_embedder.mlp.2", "timestep_embedder.linear_2")],
    classes: either("y_embedder.embedding_table", "class_embedder.embedding_table"),
    block: (index) => blockWeights(weights.scope(`blocks.${index}`, `transformer_blocks.${index}`)),
  };
}

function blockWeights(block: WeightScope): DitBlockWeights {
  return {
    modulation: block.scope("adaLN_modulation.1", "norm1.linear"),
    projections: block.has("attn1.to_q") ? ["to_q", "to_k", "to_v"].map((name) => block.scope(`attn1.${name}`)) : [block.scope("attn.qkv")],
    out: block.scope("attn.proj", "attn1.to_out.0"),
    fc1: block.scope("mlp.fc1", "ff.net.0.proj"),
    fc2: block.scope("mlp.fc2", "ff.net.2"),
  };
}
