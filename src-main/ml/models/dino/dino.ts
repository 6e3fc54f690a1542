/**
 * @file DINO (v1) out of a model in either layout. It is the network of DINOv2 without layer scale, so transformers' names for ViT are seen as those of DINOv2.
 * Source: transformers 4.44 `ViTConfig` and `ViTModel`; Caron et al. 2021.
 */
import { z } from "zod";
import { renameCheckpoint } from "../../weights/renamed-checkpoint";
import type { Dinov2Config } from "../dinov2/config";
import { hubLayers, openHubTransformer, type TransformerModel } from "../dinov2/dinov2";
import { encoderConfig, encoderFields, splitsIntoHeads, unevenHeads } from "../dinov2/encoder-fields";
import type { ModelFolder } from "../model-folder";
import { parseModelConfig, positiveInteger } from "../parse-config";

const schema = z
  .object({
    ...encoderFields,
    intermediate_size: positiveInteger.default(3072),
    layer_norm_eps: z.number().positive().default(1e-12),
  })
  .refine(splitsIntoHeads, unevenHeads);

/** Modules of a `ViTLayer` and what DINOv2 calls them. */
const renames: readonly (readonly [vit: RegExp, dinov2: string])[] = [
  [/\.layernorm_before\./, ".norm1."],
  [/\.layernorm_after\./, ".norm2."],
  [/^(encoder\.layer\.\d+)\.intermediate\.dense\./, "$1.mlp.fc1."],
  [/^(encoder\.layer\.\d+)\.output\.dense\./, "$1.mlp.fc2."],
];

/** Reads names and shapes only. Throws graph/unsupported-config, checkpoint/incomplete, weights/... */
export async function openDino(model: ModelFolder): Promise<TransformerModel> {
  const hub = await openHubTransformer(model);
  if (hub !== null) return hub;
  const source = model.part();
  const tensors = [...source.tensors.keys()].map((from) => ({
    name: renames.reduce((name, [vit, dinov2]) => name.replace(vit, dinov2), from),
    from,
  }));
  return { config: parseVitConfig(model.partConfig()), weights: renameCheckpoint(source, tensors) };
}

/** How many encoder layers a DINO model has. Throws graph/unsupported-config. */
export function dinoLayers(model: ModelFolder): number {
  return hubLayers(model) ?? parseVitConfig(model.partConfig()).numHiddenLayers;
}

function parseVitConfig(json: unknown): Dinov2Config {
  const config = parseModelConfig("ViT config.json", schema, json);
  return {
    ...encoderConfig(config),
    intermediateSize: config.intermediate_size,
    useSwigluFfn: false,
    hasLayerScale: false,
    numRegisterTokens: 0,
  };
}
