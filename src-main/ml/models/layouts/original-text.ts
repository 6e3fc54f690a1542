/**
 * @file The text towers' tensors of the original layout under transformers' names.
 * Source: open_clip `TextTransformer` (Stable Diffusion 2.x, second tower of XL); transformers `CLIPTextModel`, which Stable Diffusion 1.x holds as it is.
 */
import type { RenamedTensor } from "../../weights/renamed-checkpoint";

/** A tensor of a tower that is transformers' own; some files leave the outermost module out of the names. */
export function clipTextTensor(name: string): RenamedTensor {
  return { name: /^(embeddings|encoder|final_layer_norm)\./.test(name) ? `text_model.${name}` : name, from: name };
}

const modules: Readonly<Record<string, string>> = {
  positional_embedding: "text_model.embeddings.position_embedding.weight",
  "token_embedding.weight": "text_model.embeddings.token_embedding.weight",
  "ln_final.weight": "text_model.final_layer_norm.weight",
  "ln_final.bias": "text_model.final_layer_norm.bias",
};

const layerModules: Readonly<Record<string, string>> = {
  ln_1: "layer_norm1",
  ln_2: "layer_norm2",
  "attn.out_proj": "self_attn.out_proj",
  "mlp.c_fc": "mlp.fc1",
  "mlp.c_proj": "mlp.fc2",
};

/** Number of layers of an open_clip tower. */
export function openClipLayerCountOf(names: Iterable<string>): number {
  let count = 0;
  for (const name of names) count = Math.max(count, Number(/^transformer\.resblocks\.(\d+)\./.exec(name)?.[1] ?? -1) + 1);
  return count;
}

/**
 * A tensor of an open_clip tower, whose prefix is cut off, as transformers has it: query, key and value are rows of one matrix there,
 * and the projection is stored the other way round. Empty for what has no place in the tower of `layers` layers.
 */
export function openClipTextTensors(name: string, shape: readonly number[], layers: number): readonly RenamedTensor[] {
  const outside = modules[name];
  if (outside !== undefined) return [{ name: outside, from: name }];
  if (name === "text_projection") return [{ name: "text_projection.weight", from: name, transposed: true }];
  const [, index, module = "", leaf = ""] = /^transformer\.resblocks\.(\d+)\.(.+)[._](weight|bias)$/.exec(name) ?? [];
  if (index === undefined || Number(index) >= layers) return [];
  const layer = `text_model.encoder.layers.${index}`;
  if (module === "attn.in_proj") {
    const size = Math.floor((shape[0] ?? 0) / 3);
    return ["q_proj", "k_proj", "v_proj"].map((projection, i) => ({
      name: `${layer}.self_attn.${projection}.${leaf}`,
      from: name,
      rows: [i * size, (i + 1) * size] as const,
    }));
  }
  const inner = layerModules[module];
  return inner === undefined ? [] : [{ name: `${layer}.${inner}.${leaf}`, from: name }];
}
