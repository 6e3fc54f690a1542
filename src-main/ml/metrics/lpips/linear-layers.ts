/** @file The learned weights of LPIPS: one number per channel of five stages of VGG-16, from a file of their own. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { appError } from "#shared/domain/app-error";
import type { ModelFolder } from "../../models/model-folder";
import { openCheckpoint, type Checkpoint } from "../../weights/checkpoint";
import type { MetricContext } from "../metric";
import { lpipsModules } from "./graph";

export interface LinearLayers {
  /** Of the five stages, one number a channel. */
  readonly weights: readonly Float32Array[];
  readonly sha256: string;
}

/**
 * Reads the layers from the companion weights, else from `lpips.safetensors` beside the model, else from the model's own file.
 *
 * @throws metric/needs-model when there are none, weights/shape-mismatch when they belong to another network, weights/malformed
 */
export async function readLinearLayers(context: MetricContext, model: ModelFolder): Promise<LinearLayers> {
  const source = context.companions?.weights ?? (await besideModel(model)) ?? model.part();
  const weights: Float32Array[] = [];
  // One by one, so that the first layer that does not fit is the one that is told.
  for (const [stage, module] of lpipsModules.entries()) weights.push(await readStage({ source, model, module, stage }));
  return { weights, sha256: await source.sha256() };
}

async function besideModel(model: ModelFolder): Promise<Checkpoint | null> {
  const file = join(model.partPath(), "lpips.safetensors");
  const isThere = await stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
  return isThere ? openCheckpoint(file) : null;
}

interface StageRequest {
  readonly source: Checkpoint;
  readonly model: ModelFolder;
  readonly module: number;
  readonly stage: number;
}

async function readStage({ source, model, module, stage }: StageRequest): Promise<Float32Array> {
  const name = [`lin${stage}.model.1.weight`, `lins.${stage}.model.1.weight`].find((each) => source.tensors.has(each));
  if (name === undefined)
    throw appError("metric/needs-model", `lpips needs its linear layers, and ${source.path} has no lin${stage}.model.1.weight.`, {
      hint: "Put lpips.safetensors beside the weights of VGG-16, or give it with --weights FILE.",
    });
  // The ReLU at `module` follows the convolution that makes its channels.
  const channels = model.part().tensors.get(`features.${module - 1}.weight`)?.shape[0] ?? 0;
  const { shape, data } = await source.readTensor(name);
  if (shape.join() === [1, channels, 1, 1].join()) return data;
  throw appError("weights/shape-mismatch", `${name} is [${shape.join(", ")}], expected [1, ${channels}, 1, 1].`, {
    hint: "The linear layers belong to another network; take those of LPIPS for VGG-16.",
  });
}
