/**
 * @file Weights of DINO and DINOv2 as torch.hub loads them, seen under the names of transformers. Query, key and value lie in one matrix, whose thirds they are.
 * Source: facebookresearch/dino `vision_transformer.py`, facebookresearch/dinov2 `models/vision_transformer.py`.
 */
import { z } from "zod";
import { appError } from "#shared/domain/app-error";
import type { Checkpoint } from "../../weights/checkpoint";
import { renameCheckpoint, type RenamedTensor } from "../../weights/renamed-checkpoint";
import { layerCount, parseModelConfig, positiveInteger } from "../parse-config";
import type { Dinov2Config } from "./config";

/** Channels of a head in every released DINO and DINOv2. */
const releasedHeadDim = 64;

/** Parts of names and what transformers calls them; `$<layer>` is the block. */
const renames: readonly (readonly [hub: RegExp, transformers: string])[] = [
  [/^cls_token$/, "embeddings.cls_token"],
  [/^register_tokens$/, "embeddings.register_tokens"],
  [/^pos_embed$/, "embeddings.position_embeddings"],
  [/^patch_embed\.proj\./, "embeddings.patch_embeddings.projection."],
  [/^norm\./, "layernorm."],
  [/^blocks\.(?<layer>\d+)\.(?<norm>norm[12])\./, "encoder.layer.$<layer>.$<norm>."],
  [/^blocks\.(?<layer>\d+)\.attn\.proj\./, "encoder.layer.$<layer>.attention.output.dense."],
  [/^blocks\.(?<layer>\d+)\.ls(?<number>[12])\.gamma$/, "encoder.layer.$<layer>.layer_scale$<number>.lambda1"],
  [/^blocks\.(?<layer>\d+)\.mlp\.(?<linear>fc[12])\./, "encoder.layer.$<layer>.mlp.$<linear>."],
  [/^blocks\.(?<layer>\d+)\.mlp\.w12\./, "encoder.layer.$<layer>.mlp.weights_in."],
  [/^blocks\.(?<layer>\d+)\.mlp\.w3\./, "encoder.layer.$<layer>.mlp.weights_out."],
];
const stackedProjections = /^blocks\.(?<layer>\d+)\.attn\.qkv\.(?<part>weight|bias)$/;

/** The weights under the names of transformers; what the network does not need (the mask token, a head) is left out. */
export function hubWeights(hub: Checkpoint): Checkpoint {
  return renameCheckpoint(
    hub,
    [...hub.tensors.keys()].flatMap((name) => renamed(hub, name)),
  );
}

function renamed(hub: Checkpoint, from: string): readonly RenamedTensor[] {
  const { layer, part } = stackedProjections.exec(from)?.groups ?? {};
  if (layer === undefined || part === undefined) {
    const rule = renames.find(([hubName]) => hubName.test(from));
    return rule === undefined ? [] : [{ name: from.replace(rule[0], rule[1]), from }];
  }
  const rows = hub.tensors.get(from)?.shape[0] ?? 0;
  return ["query", "key", "value"].map((projection, index) => ({
    name: `encoder.layer.${layer}.attention.attention.${projection}.${part}`,
    from,
    rows: [Math.floor((rows * index) / 3), Math.floor((rows * (index + 1)) / 3)],
  }));
}

const constructorSchema = z.looseObject({ num_heads: positiveInteger.optional() });

/**
 * What the shapes say. Only the number of heads is not in them: it is `num_heads` of `hubJson`, the constructor's arguments, if they lie beside the weights,
 * else what gives heads of 64 channels, as in every released model.
 *
 * @throws graph/unsupported-config
 */
export function hubConfig(hub: Checkpoint, hubJson: unknown): Dinov2Config {
  const { num_heads: heads } = parseModelConfig("hub.json", constructorSchema, hubJson ?? {});
  const size = (name: string, axis: number) => hub.tensors.get(name)?.shape[axis] ?? 0;
  const hiddenSize = size("cls_token", 2);
  const numAttentionHeads = heads ?? hiddenSize / releasedHeadDim;
  const side = Math.sqrt(size("pos_embed", 1) - 1);
  const patchSize = size("patch_embed.proj.weight", 2);
  const useSwigluFfn = hub.tensors.has("blocks.0.mlp.w12.weight");
  if (!Number.isInteger(side) || side < 1 || patchSize < 1) throw unusable(hub, "its positions are not those of a square picture");
  if (!Number.isInteger(numAttentionHeads) || hiddenSize % numAttentionHeads !== 0)
    throw unusable(hub, `${hiddenSize} channels do not split into heads`);
  return {
    hiddenSize,
    intermediateSize: useSwigluFfn ? size("blocks.0.mlp.w12.weight", 0) / 2 : size("blocks.0.mlp.fc1.weight", 0),
    numHiddenLayers: hubBlockCount(hub),
    numAttentionHeads,
    imageSize: side * patchSize,
    patchSize,
    layerNormEps: 1e-6,
    qkvBias: hub.tensors.has("blocks.0.attn.qkv.bias"),
    useSwigluFfn,
    hasLayerScale: hub.tensors.has("blocks.0.ls1.gamma"),
    numRegisterTokens: size("register_tokens", 1),
  };
}

/** Blocks from 0 on without a gap. Throws graph/unsupported-config when there are none. */
export function hubBlockCount(hub: Checkpoint): number {
  let count = 0;
  while (hub.tensors.has(`blocks.${count}.norm1.weight`)) count += 1;
  if (layerCount.safeParse(count).success) return count;
  throw unusable(hub, `it has ${count} blocks`);
}

function unusable(hub: Checkpoint, problem: string): Error {
  return appError("graph/unsupported-config", `${hub.path} cannot be used: ${problem}.`, {
    hint: "Put a hub.json with num_heads beside the weights if the model is not a released one, or use its transformers folder.",
  });
}
