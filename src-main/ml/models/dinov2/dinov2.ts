/** @file DINOv2 out of a model in either layout: the configuration, and the weights under the names of transformers. */
import type { Checkpoint } from "../../weights/checkpoint";
import type { ModelFolder } from "../model-folder";
import { isHubTransformer } from "../registry";
import { parseDinov2Config, type Dinov2Config } from "./config";
import { hubBlockCount, hubConfig, hubWeights } from "./hub-layout";

export interface TransformerModel {
  readonly config: Dinov2Config;
  readonly weights: Checkpoint;
}

/** Reads names and shapes only. Throws graph/unsupported-config, checkpoint/incomplete, weights/... */
export async function openDinov2(model: ModelFolder): Promise<TransformerModel> {
  return (await openHubTransformer(model)) ?? { config: parseDinov2Config(model.partConfig()), weights: model.part() };
}

/** DINO or DINOv2 in the layout of torch.hub; null in another layout. */
export async function openHubTransformer(model: ModelFolder): Promise<TransformerModel | null> {
  const weights = model.part();
  if (!isHubTransformer(weights.tensors)) return null;
  return { config: hubConfig(weights, await model.readJson("hub.json")), weights: hubWeights(weights) };
}

/** Encoder layers of a model of the layout of torch.hub; null in another layout. */
export function hubLayers(model: ModelFolder): number | null {
  const weights = model.part();
  return isHubTransformer(weights.tensors) ? hubBlockCount(weights) : null;
}

/** How many encoder layers a DINOv2 model has. Throws graph/unsupported-config. */
export function dinov2Layers(model: ModelFolder): number {
  return hubLayers(model) ?? parseDinov2Config(model.partConfig()).numHiddenLayers;
}
